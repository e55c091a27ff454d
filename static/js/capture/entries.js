// @ts-check
/** This phone's entries: when, and how far each has come. Never a word of what they say. */
import { byId } from "../shell/find.js";
import { counted, dayAndTime, word } from "../shell/words.js";

const MOST_SHOWN = 50;

/** @param {import("../outbox/waiting.js").Line[]} lines @param {number} total @param {string} organisation @param {number} now */
export function showEntries(lines, total, organisation, now) {
  byId("entries").hidden = lines.length === 0;
  const items = lines.slice(0, MOST_SHOWN).map((line) => {
    const item = document.createElement("li");
    item.dataset.state = line.state;
    const when = document.createElement("time");
    when.dateTime = new Date(line.at).toISOString();
    when.textContent = dayAndTime(line.at, now);
    const state = document.createElement("span");
    state.textContent = word(`state.${line.state}`, { organisation });
    item.append(when, state);
    return item;
  });
  byId("entries-list").replaceChildren(...items);
  const rest = total - items.length;
  const more = byId("entries-more");
  more.hidden = rest <= 0;
  more.textContent = rest > 0 ? counted("entries.more", rest) : "";
}

export { MOST_SHOWN };
