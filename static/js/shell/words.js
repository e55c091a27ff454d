// @ts-check
/**
 * The words of the page, in its language. They live in the page's template `words`, so that one
 * catalogue translates everything a person reads.
 */

/** @type {Map<string, string> | null} */
let words = null;
/** @type {Intl.PluralRules | null} */
let plural = null;

/** @param {string} key @param {Record<string, string | number>} [values] */
export function word(key, values = {}) {
  words ??= collect();
  const text = words.get(key) ?? key;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The form of the word that goes with a number. @param {string} key @param {number} n @param {Record<string, string | number>} [values] */
export function counted(key, n, values = {}) {
  plural ??= new Intl.PluralRules(language());
  const form = `${key}.${plural.select(n)}`;
  words ??= collect();
  return word(words.has(form) ? form : `${key}.other`, { n, ...values });
}

/** @returns {"cy" | "en"} */
export const language = () => (document.documentElement.lang === "cy" ? "cy" : "en");

/** "today 21:14", "yesterday 21:14", "tomorrow 21:14", else with the date. @param {number} at @param {number} now */
export function dayAndTime(at, now) {
  const time = timeOfDay(at);
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[String(days)];
  if (near) return word(`day.${near}`, { time });
  const then = new Date(at);
  const day = word(`day-name.${then.getDay()}`);
  const month = word(`month-name.${then.getMonth()}`);
  return word("day.date", { day, date: then.getDate(), month, time });
}

/** "21:14". Not from Intl: browsers without Welsh would answer in English. @param {number} at */
function timeOfDay(at) {
  const then = new Date(at);
  return [then.getHours(), then.getMinutes()].map((n) => `${n}`.padStart(2, "0")).join(":");
}

/** Noon is used so that a day of 23 or 25 hours is still one day. @param {number} at */
const midnight = (at) => new Date(at).setHours(12, 0, 0, 0);

/** Words that came with rooms behind the form. @param {DocumentFragment} content */
export function moreWords(content) {
  /** @type {HTMLTemplateElement} */ (document.getElementById("words")).content.append(content);
  words = null;
}

function collect() {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("words"));
  const all = template.content.querySelectorAll("[data-word]");
  return new Map(
    Array.from(all, (one) => [one.getAttribute("data-word") ?? "", one.textContent?.trim() ?? ""]),
  );
}
