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
  const { onLine } = navigator;
  const silent = line === "no-signal" || (line === "unknown" && !onLine);
  if (!keys) return { mood: "wait", text: word("pill.first") };
  const parts = [];
  // A phone with signal says that it is not the signal: it may be a portal, a bad certificate, a server that is away.
  if (silent) parts.push(word(onLine ? "pill.unreached" : "pill.silent"));
  if (waiting > 0) parts.push(counted("pill.waiting", waiting));
  if (parts.length > 0) return { mood: waiting > 0 ? "wait" : "quiet", text: parts.join(" · ") };
  if (total > 0) return { mood: "good", text: word("pill.received") };
  return { mood: "good", text: word("pill.ready") };
}
