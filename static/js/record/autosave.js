// @ts-check
/**
 * Drafts are sent by htmx at every pause of typing; this keeps the words on the screen true.
 *
 * Promises: a draft that was not saved is never called saved; being signed out never takes a page
 * away that somebody has typed on; what was typed last is sent when the page is hidden.
 */

/** @typedef {CustomEvent<{elt: Element, xhr: XMLHttpRequest, successful?: boolean}>} HtmxEvent */

/** @param {Document} page */
export function keepDrafts(page) {
  const form = page.querySelector("form[data-autosave]");
  if (!(form instanceof HTMLFormElement)) return;
  let unsent = false;
  let leaving = false;
  form.addEventListener("input", () => {
    unsent = true;
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    // The whole form is on its way: a draft that overtook it would come back as unsaved.
    if (leaving) event.preventDefault();
    else unsent = false;
  });
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = /** @type {HtmxEvent} */ (event).detail;
    if (xhr.status === 401) {
      event.preventDefault();
      say(form, form.dataset.signedOut ?? "");
    }
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = /** @type {HtmxEvent} */ (event).detail;
    if (successful || leaving) return;
    unsent = true;
    if (xhr.status !== 401) say(form, form.dataset.notSaved ?? "");
  });
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState !== "hidden" || !unsent || leaving) return;
    unsent = false;
    sendLast(form).catch(() => {
      unsent = true;
    });
  });
}

/** The page may be gone before an answer comes. @param {HTMLFormElement} form */
async function sendLast(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  const answer = await fetch(form.getAttribute("hx-post") ?? form.action, {
    method: "POST",
    body: fields,
    headers: { "HX-Request": "true" },
    keepalive: true,
  });
  if (!answer.ok) throw new Error(`not saved: ${answer.status}`);
}

/** @param {HTMLFormElement} form @param {string} words */
function say(form, words) {
  const status = form.querySelector("#draft-status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "govuk-body-s record-draft-status--failed";
  line.textContent = words;
  status.replaceChildren(line);
}
