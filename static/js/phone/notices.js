// @ts-check
/** What the record has for whoever carries this phone: counts and a badge, never content. */
import { byId } from "../shell/find.js";
import { counted } from "../shell/words.js";

/** Each with its line on the page. @type {Record<string, string>} */
const LINES = { "entries.returned": "notice-returned", "entries.overdue": "notice-overdue" };

/** @typedef {import("../outbox/answer.js").Notice} Notice */

/** How many things there are to look at. @param {Notice[]} notices */
export const countOf = (notices) =>
  notices.reduce((sum, { code, count }) => sum + (LINES[code] ? count : 0), 0);

/** @param {Notice[]} notices @param {{notices: Notice[]}[]} others the badge is of everybody on this phone */
export function showNotices(notices, others) {
  for (const [code, id] of Object.entries(LINES)) {
    const count = notices.find((notice) => notice.code === code)?.count ?? 0;
    byId(id).hidden = count === 0;
    byId(id).textContent = count ? counted(`notice.${code}`, count) : "";
  }
  const mine = countOf(notices);
  byId("notices").hidden = mine === 0;
  const sum = others.reduce((all, one) => all + countOf(one.notices), mine);
  showBadge(sum).catch(() => {}); // browsers without a home screen refuse it
}

/** @param {number} count */
async function showBadge(count) {
  if (count > 0) await navigator.setAppBadge?.(count);
  else await navigator.clearAppBadge?.();
}
