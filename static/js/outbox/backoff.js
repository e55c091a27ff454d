// @ts-check
/** When to try again: full jitter, so that a thousand phones do not come back in one second. */

export const CAP_MS = 15 * 60 * 1000;
const BASE_MS = 1000;

/**
 * Nobody answering counts as the server's failure: when the phone itself comes back into signal or
 * into somebody's hand, it tries at once whatever this says.
 * @param {number} failures in a row, at least 1
 * @param {() => number} random from 0 to below 1
 * @param {number} [retryAfter] ms the server asked for
 */
export function waitMs(failures, random, retryAfter = 0) {
  const window = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures, 30));
  return Math.max(retryAfter, Math.round(random() * window));
}

/** Milliseconds of a Retry-After header, in seconds or as a date; 0 when there is none. @param {string | null} text @param {number} now */
export function retryAfterMs(text, now) {
  if (!text) return 0;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 24 * 60 * 60 * 1000) : 0;
}
