// @ts-check
/**
 * The other language of this phone. Each has an address of its own; whichever was opened last is
 * what the service worker starts with from then on, with or without signal.
 *
 * Promises: what is typed comes along, through the memory of the service worker and never by any
 * disk in clear; where it could not come along, the page stays.
 */
import { bringRooms } from "./rooms.js";
import { goBack, shown } from "./screens.js";
import { warn } from "./status.js";
import { language, word } from "./words.js";

/** The service worker reads it there: a page's own storage it cannot see. */
const CHOICE = "language";

/**
 * `unlocked`: it took an unlock to see it.
 * @typedef {{whose: string, entry: string, answers: import("../capture/content.js").Answers, unlocked: boolean}} Carried
 */

/**
 * @param {() => boolean} empty whether nothing is typed that a new page would lose
 * @param {() => Promise<Carried>} pack what is typed, once it is kept
 */
export function listenForLanguage(empty, pack) {
  if (location.pathname !== "/") keepChoice();
  // Asked of the page, because one of the links comes behind it.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-leaves]");
    if (!(link instanceof HTMLAnchorElement) || empty()) return;
    event.preventDefault();
    const why = link.dataset.leaves ?? "";
    const stay = () => stayHere(why);
    // To practice nothing comes along: it could neither keep it nor send it.
    if (why === "practice") return stay();
    import("./carrying.js")
      .then(({ handOver }) => handOver(link.hreflang, pack))
      .then((taken) => (taken ? location.assign(link.href) : stay()), stay);
  });
}

/** What the page in the other language handed over, for this one. @returns {Promise<Carried | null>} */
export async function broughtAlong() {
  if (location.pathname === "/" || !navigator.serviceWorker?.controller) return null;
  const { takeOver } = await import("./carrying.js");
  return takeOver();
}

/** @param {string} why */
async function stayHere(why) {
  const then = await bringRooms().then(
    () => word(`leave.${why}`),
    () => "", // nobody answers: what to do is said, and not why
  );
  const say = () => warn(word("leave.typed"), then);
  // Beside what was typed, which stands on the first screen.
  if (shown() === "log") say();
  else goBack(say);
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
