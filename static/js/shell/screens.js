// @ts-check
/** Which screen is shown. The address never changes. */

/** @typedef {"log" | "saved" | "phone" | "reading" | "call" | "called" | "untold" | "advice" | "fix" | "story" | "debrief"} Screen */

/** Screens that the phone's back button leaves for the log. @type {Screen[]} */
const ASIDE = ["phone", "reading", "call", "called", "untold", "advice", "fix"];
/** @type {Screen} */
let current = "log";
/** What was tapped to get aside: it has the focus again afterwards. @type {Element | null} */
let opener = null;
/** @type {() => void} */
let afterwards = () => {};
/** Whoever is going back already does not go back twice, which would leave the app. */
let going = false;

export const shown = () => current;

/** @param {Screen} screen */
export function show(screen) {
  const from = current;
  current = screen;
  document.body.dataset.screen = screen;
  // So that the phone's back button leads back here and not out of the app.
  if (ASIDE.includes(screen) && !ASIDE.includes(from)) {
    opener = document.activeElement;
    history.pushState({ screen }, "");
  }
  for (const view of document.querySelectorAll(/** @type {"div"} */ ("[data-view]"))) {
    view.hidden = view.id !== screen;
  }
  document.documentElement.scrollTop = 0;
}

/** From a screen aside to the log, by the page's own button. @param {() => void} [then] */
export function goBack(then = () => {}) {
  afterwards = then;
  if (!going) history.back();
  going = true;
}

/** Whichever way the person goes back, they are where they came from. */
export function listenForBack() {
  // Asked of the page, because some screens come behind it.
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-back]")) goBack();
  });
  addEventListener("popstate", () => {
    going = false;
    if (!ASIDE.includes(current)) return;
    show("log");
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    afterwards();
    afterwards = () => {};
  });
}
