// @ts-check
/** What the record has for whoever carries this phone: counts and a badge, never content. */
import { byId } from "../shell/find.js";
import { counted } from "../shell/words.js";

/** Each with its line on the page. @type {Record<string, string>} */
const LINES = { "entries.returned": "notice-returned", "entries.overdue": "notice-overdue" };

/** @param {import("../outbox/answer.js").Notice[]} notices */
export function showNotices(notices) {
  let sum = 0;
  for (const [code, id] of Object.entries(LINES)) {
    const count = notices.find((notice) => notice.code === code)?.count ?? 0;
    byId(id).hidden = count === 0;
    byId(id).textContent = count ? counted(`notice.${code}`, count) : "";
    sum += count;
  }
  byId("notices").hidden = sum === 0;
  showBadge(sum).catch(() => {}); // browsers without a home screen refuse it
}

/** @param {number} count */
async function showBadge(count) {
  if (count > 0) await navigator.setAppBadge?.(count);
  else await navigator.clearAppBadge?.();
}
