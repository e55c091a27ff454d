// @ts-check
/**
 * The few words in the corner: signal and what waits. They wrap before they push the page down.
 */
import { byId } from "./find.js";
import { counted, word } from "./words.js";

/**
 * @typedef {{line: import("../outbox/send.js").Line, waiting: number, total: number,
 *   keys: boolean}} Standing
 */

/** @param {Standing} standing */
export function showPill(standing) {
  const { mood, text } = pillWords(standing);
  byId("pill-text").textContent = text;
  byId("pill").dataset.mood = mood;
}

/** Said before anything is typed: here nothing can be kept. */
export function showCannotKeep() {
  byId("pill-text").textContent = word("pill.cannot-keep");
  byId("pill").dataset.mood = "wait";
  byId("cannot-keep").hidden = false;
}

/** @param {Standing} standing */
function pillWords({ line, waiting, total, keys }) {
  const silent = line === "no-signal" || (line === "unknown" && !navigator.onLine);
  if (!keys) return { mood: "wait", text: word("pill.first") };
  if (waiting > 0) {
    const key = silent ? "pill.silent-waiting" : "pill.waiting";
    return { mood: "wait", text: counted(key, waiting) };
  }
  if (silent) return { mood: "quiet", text: word("pill.silent") };
  if (total > 0) return { mood: "good", text: word("pill.received") };
  return { mood: "good", text: word("pill.ready") };
}
