// @ts-check
/** This phone's entries: when, and how far each has come. Never a word of what they say. */
import { byId } from "../shell/find.js";
import { counted, dayAndTime, word } from "../shell/words.js";

const MOST_SHOWN = 50;

/** @typedef {import("../outbox/waiting.js").Line} Line */

/** The word for how far an entry has come. @param {Line["state"]} state @param {boolean} pageOnly */
export const stateHere = (state, pageOnly) =>
  `state.${state === "waiting" && pageOnly ? "page-only" : state}`;

/**
 * @param {Line[]} lines
 * @param {number} total of all events
 * @param {{organisation: string, now: number, pageOnly: boolean}} about
 */
export function showEntries(lines, total, { organisation, now, pageOnly }) {
  byId("entries").hidden = lines.length === 0;
  const shown = lines.slice(0, MOST_SHOWN);
  const items = shown.map((line) => {
    const item = document.createElement("li");
    item.dataset.state = line.state;
    const when = document.createElement("time");
    when.dateTime = new Date(line.at).toISOString();
    when.textContent = dayAndTime(line.at, now);
    const state = document.createElement("span");
    state.textContent = word(stateHere(line.state, pageOnly), { organisation });
    item.append(when, state, ...fixButton(line, when.textContent), ...added(line));
    return item;
  });
  byId("entries-list").replaceChildren(...items);
  const additions = shown.reduce((sum, line) => sum + line.additions.length, 0);
  const rest = total - items.length - additions;
  const more = byId("entries-more");
  more.hidden = rest <= 0;
  // Among the older ones nobody has looked which are entries and which only stand beside one.
  const unsure = additions > 0 ? word("entries.older") : counted("entries.more", rest);
  more.textContent = rest > 0 ? unsure : "";
}

/** What was added stands under its entry; the entry's own state never speaks for it. @param {Line} line */
function added({ additions }) {
  const there = additions.filter((state) => state === "in-record").length;
  const parts = [
    ...(there > 0 ? [counted("entries.added", there)] : []),
    ...(additions.length > there
      ? [counted("entries.added-waiting", additions.length - there)]
      : []),
  ];
  return parts.map((text) => {
    const p = document.createElement("p");
    p.className = "entries__added";
    p.textContent = text;
    return p;
  });
}

/** @param {Line} line @param {string} when */
function fixButton({ entry, at }, when) {
  if (!entry) return [];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "entries__fix";
  button.dataset.entry = entry;
  button.dataset.at = String(at);
  button.textContent = word("fix.open");
  button.setAttribute("aria-label", word("fix.open-which", { time: when }));
  return [button];
}

export { MOST_SHOWN };
