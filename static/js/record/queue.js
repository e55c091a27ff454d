// @ts-check
/** An entry opens beside the queue where there is room for both, and as a page where there is not. */

/** As in record/_lists.scss. */
const ROOM_FOR_BOTH = "(min-width: 60em)";

/** @param {Document} page */
export function openBesideQueue(page) {
  page.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target;
    if (!(link instanceof HTMLAnchorElement) || !("choose" in link.dataset)) return;
    if (matchMedia(ROOM_FOR_BOTH).matches && page.getElementById("entry")) return;
    event.preventDefault();
    location.assign(link.href);
  });
  page.addEventListener("htmx:afterSwap", (event) => {
    const entry = page.getElementById("entry");
    const { requestConfig } = /** @type {CustomEvent} */ (event).detail;
    const link = requestConfig?.elt;
    if (!entry || !(link instanceof HTMLAnchorElement) || !("choose" in link.dataset)) return;
    choose(page, link);
    entry.querySelector("h1")?.focus({ preventScroll: true });
    // The queue's own heading stays the page's first; the entry's stands below it.
    page.querySelector(".record-desk")?.classList.add("record-desk--entry");
  });
}

/** @param {Document} page @param {HTMLAnchorElement} link */
function choose(page, link) {
  for (const other of page.querySelectorAll(".record-list__item--chosen")) {
    other.classList.remove("record-list__item--chosen");
    other.querySelector("a")?.removeAttribute("aria-current");
  }
  link.closest(".record-list__item")?.classList.add("record-list__item--chosen");
  link.setAttribute("aria-current", "true");
}
