// @ts-check
/** This phone's entries: when, and how far each has come. Never a word of what they say. */
import { byId } from "../shell/find.js";
import { counted, dayAndTime, word } from "../shell/words.js";

export const MOST_SHOWN = 50;

/**
 * @typedef {import("../outbox/waiting.js").Line} Line
 * @typedef {{organisation: string, now: number, pageOnly: boolean}} About
 */

/** What stands in the list, by the number of its event. @type {Map<number, {item: HTMLElement, said: string}>} */
const standing = new Map();

/** The word for how far an entry has come. @param {Line["state"]} state @param {boolean} pageOnly */
export const stateHere = (state, pageOnly) =>
  `state.${state === "waiting" && pageOnly ? "page-only" : state}`;

/**
 * An entry keeps its place and its button while its state changes: somebody may be about to tap it.
 * @param {Line[]} lines
 * @param {number} total of all events
 * @param {About} about
 */
export function showEntries(lines, total, about) {
  byId("entries").hidden = lines.length === 0;
  const list = byId("entries-list");
  const wanted = new Set(lines.map(({ n }) => n));
  for (const [n, { item }] of standing) {
    if (wanted.has(n)) continue;
    item.remove();
    standing.delete(n);
  }
  for (const [i, line] of lines.entries()) {
    const item = say(line, about);
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
  }
  const additions = lines.reduce((sum, line) => sum + line.additions.length, 0);
  const rest = total - lines.length - additions;
  const more = byId("entries-more");
  more.hidden = rest <= 0;
  // Among the older ones nobody has looked which are entries and which only stand beside one.
  const unsure = additions > 0 ? word("entries.older") : counted("entries.more", rest);
  more.textContent = rest > 0 ? unsure : "";
}

/** The entry's item, with what is true of it now. @param {Line} line @param {About} about */
function say(line, { organisation, now, pageOnly }) {
  const time = dayAndTime(line.at, now);
  const state = word(stateHere(line.state, pageOnly), { organisation });
  const said = [time, state, ...line.additions].join();
  const { item, said: before } = standing.get(line.n) ?? { item: newItem(line), said: "" };
  if (said === before) return item;
  standing.set(line.n, { item, said });
  item.dataset.state = line.state;
  const [when, how, fix] = item.children;
  when.textContent = time;
  how.textContent = state;
  fix?.setAttribute("aria-label", word("fix.open-which", { time }));
  // The button is not moved: it would lose the focus.
  for (const old of item.querySelectorAll("p")) old.remove();
  item.append(...added(line));
  return item;
}

/** @param {Line} line */
function newItem({ at, entry }) {
  const item = document.createElement("li");
  const when = document.createElement("time");
  when.dateTime = new Date(at).toISOString();
  item.append(when, document.createElement("span"));
  if (entry) item.append(fixButton(entry, at));
  return item;
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

/** @param {string} entry @param {number} at */
function fixButton(entry, at) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "entries__fix";
  Object.assign(button.dataset, { entry, at });
  button.textContent = word("fix.open");
  return button;
}
