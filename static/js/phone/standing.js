// @ts-check
/** How safe entries are here, how right the clock is, and how this app was opened. Pure but for `look`. */

/**
 * @typedef {"android" | "ios" | "desktop"} Platform
 * @typedef {{persisted: boolean, installed: boolean, platform: Platform, keyKept: boolean,
 *   private: boolean, free: number | null, pageOnly?: boolean}} Seen
 * @typedef {"page-only" | "private" | "no-key" | "ios-tab" | "not-promised" | "tab" | "nearly-full"} Risk
 */

const NEARLY_FULL = 20 * 1024 * 1024;
const MINUTE_MS = 60_000;

/** Why entries are at risk here, the worst first; none when they are stored safely. @param {Seen} seen @returns {Risk[]} */
export function risks(seen) {
  /** @type {Risk[]} */
  const found = [];
  if (seen.pageOnly) return ["page-only"];
  if (seen.private) found.push("private");
  if (!seen.keyKept) found.push("no-key");
  const iosTab = seen.platform === "ios" && !seen.installed;
  if (iosTab) found.push("ios-tab");
  else if (!seen.persisted) found.push("not-promised");
  if (!iosTab && !seen.persisted && !seen.installed) found.push("tab");
  if (seen.free !== null && seen.free < NEARLY_FULL) found.push("nearly-full");
  return found;
}

/**
 * The clock in words: which, and how many minutes or hours.
 * @param {import("../outbox/waiting.js").ClockGap | undefined} gap
 * @returns {{key: string, n: number}}
 */
export function clockWords(gap) {
  if (!gap) return { key: "clock.unknown", n: 0 };
  const { ahead, within } = gap;
  // As much as the line took may be the line's, in either direction.
  const sure = Math.abs(ahead) - within;
  if (sure < MINUTE_MS / 2) return { key: "clock.right", n: 0 };
  const way = ahead > 0 ? "fast" : "slow";
  const minutes = Math.max(1, Math.round(Math.abs(ahead) / MINUTE_MS));
  if (minutes < 120) return { key: `clock.${way}-minutes`, n: minutes };
  const hours = Math.round(minutes / 60);
  if (hours < 48) return { key: `clock.${way}-hours`, n: hours };
  return { key: `clock.${way}-days`, n: Math.round(hours / 24) };
}

/** @param {boolean} keyKept @returns {Promise<Seen>} */
export async function look(keyKept) {
  const { storage, userAgent, maxTouchPoints } = navigator;
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => false),
    storage?.estimate?.().catch(() => undefined),
  ]);
  const { quota, usage } = estimate ?? {};
  const known = quota !== undefined && usage !== undefined;
  return {
    persisted: persisted === true,
    installed: isInstalled(),
    platform: platformOf(userAgent, maxTouchPoints),
    keyKept,
    private: seemsPrivate(quota),
    free: known ? quota - usage : null,
  };
}

function isInstalled() {
  const { standalone } = /** @type {{standalone?: boolean}} */ (/** @type {unknown} */ (navigator));
  return standalone === true || matchMedia("(display-mode: standalone)").matches;
}

/** An iPad says that it is a Mac, but no Mac has fingers on it. @param {string} userAgent @param {number} touches @returns {Platform} */
export function platformOf(userAgent, touches) {
  if (/Android/.test(userAgent)) return "android";
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  return /Macintosh/.test(userAgent) && touches > 1 ? "ios" : "desktop";
}

/**
 * Browsers do not say so; two of them can be told by what they leave out. A wrong yes only warns.
 * @param {number | undefined} quota
 */
function seemsPrivate(quota) {
  if (isSecureContext && !("serviceWorker" in navigator)) return true;
  const memory = /** @type {any} */ (performance).memory?.jsHeapSizeLimit;
  // Private windows of Chromium keep everything in memory, and their room is measured by it.
  return Boolean(memory && quota && quota < memory * 2);
}
