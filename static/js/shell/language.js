// @ts-check
/**
 * The other language of this phone. Each has an address of its own; whichever was opened last is
 * what the service worker starts with from then on, with or without signal.
 */
import { goBack, shown } from "./screens.js";
import { warn } from "./status.js";
import { language, word } from "./words.js";

/** The service worker reads it there: a page's own storage it cannot see. */
const CHOICE = "language";

/** @param {() => boolean} empty whether nothing is typed that a new page would lose */
export function listenForLanguage(empty) {
  if (location.pathname !== "/") keepChoice();
  // Asked of the page, because one of the links comes behind it.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-language]");
    if (!link || empty()) return;
    event.preventDefault();
    const say = () => warn(word("language.typed"), word("language.typed.why"));
    // Beside what was typed, which stands on the first screen.
    if (shown() === "log") say();
    else goBack(say);
  });
}

async function keepChoice() {
  try {
    await (await caches.open(CHOICE)).put("/", new Response(language()));
    // The plain address means the same now, but only to the worker.
    const plain = navigator.serviceWorker?.controller && !location.hash;
    if (plain) history.replaceState(history.state, "", "/");
  } catch {
    // The page is in the wanted language all the same, until it is closed.
  }
}
