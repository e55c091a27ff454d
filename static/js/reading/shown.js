// @ts-check
/** Entries in words, on the unlocked screen and nowhere else. */
import { labelled } from "../capture/chips.js";
import { byId } from "../shell/find.js";
import { dayAndTime, language, word } from "../shell/words.js";

/**
 * @typedef {{at: number, content: any}} Read
 * @typedef {{directory: import("../vault/trust.js").Directory | null, now: number,
 *   again: (content: any) => void}} Around
 */

/** @param {Read[]} read @param {Around} around */
export function showRead(read, around) {
  const newest = [...read].sort((one, other) => other.at - one.at);
  byId("read-none").hidden = newest.length > 0;
  byId("read-list").replaceChildren(...newest.map((one) => item(one, around)));
}

export function clearRead() {
  byId("read-list").replaceChildren();
}

/** @param {Read} read @param {Around} around */
function item({ at, content }, around) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const names = about(content).join(", ") || word("read.not-said");
  summary.textContent = `${dayAndTime(at, around.now)} · ${names}`;
  details.append(summary, facts(content, around), ...toldToo(content, around));
  const one = document.createElement("li");
  one.append(details);
  return one;
}

/** Only what was shared can be shared again. @param {any} content @param {Around} around */
function toldToo(content, around) {
  if (content.act !== "shared") return [];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = word("read.again");
  button.addEventListener("click", () => around.again(content));
  return [button];
}

/** @param {any} content @param {Around} around */
function facts(content, { directory, now }) {
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [key, lines] of said(content, directory, now)) {
    if (lines.length === 0) continue;
    const row = document.createElement("div");
    const name = document.createElement("dt");
    name.textContent = word(key);
    row.append(name);
    for (const line of lines) {
      const value = document.createElement("dd");
      value.className = "read__words";
      value.textContent = line;
      row.append(value);
    }
    list.append(row);
  }
  return list;
}

/** @param {any} content @param {import("../vault/trust.js").Directory | null} directory @param {number} now @returns {[string, string[]][]} */
function said(content, directory, now) {
  const told = content.recipients.map((/** @type {any} */ one) =>
    [named(directory?.recipients, one.code) ?? one.label, one.person, one.reference]
      .filter(Boolean)
      .join(", "),
  );
  const why = content.why.map((/** @type {string} */ code) => named(directory?.why, code) ?? code);
  return [
    ["read.told", told],
    ["read.about", about(content)],
    ["read.shared", content.shared ? [content.shared] : []],
    ["read.why", why],
    ["read.how", content.how ? [named(directory?.how, content.how) ?? content.how] : []],
    ["read.when", [dayAndTime(content.when.at, now)]],
    ["read.risk", content.risk?.name ? [content.risk.name] : []],
  ];
}

/** @param {any} content @returns {string[]} */
const about = (content) =>
  content.children.map((/** @type {any} */ child) =>
    [child.name || word("read.unknown"), child.born, child.reference].filter(Boolean).join(", "),
  );

/** @param {import("../vault/trust.js").Choice[] | undefined} choices @param {string | null} code */
function named(choices, code) {
  const found = choices?.find((one) => one.code === code);
  return found && labelled(found, language()).label;
}
