// @ts-check
/** When to try again: full jitter, so that a thousand phones do not come back in one second. */

export const CAP_MS = 15 * 60 * 1000;
// A phone that found nobody on the line costs nobody anything by asking again soon.
export const SILENT_CAP_MS = 30 * 1000;
const BASE_MS = 1000;

/**
 * @param {number} failures in a row, at least 1
 * @param {() => number} random from 0 to below 1
 * @param {{retryAfter?: number, silent?: boolean}} [answer] ms the server asked for; whether nobody answered
 */
export function waitMs(failures, random, { retryAfter = 0, silent = false } = {}) {
  const cap = silent ? SILENT_CAP_MS : CAP_MS;
  const window = Math.min(cap, BASE_MS * 2 ** Math.min(failures, 30));
  return Math.max(retryAfter, Math.round(random() * window));
}

/** Milliseconds of a Retry-After header, in seconds or as a date; 0 when there is none. @param {string | null} text @param {number} now */
export function retryAfterMs(text, now) {
  if (!text) return 0;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 24 * 60 * 60 * 1000) : 0;
}
