// @ts-check
/**
 * How often somebody practised on this phone, and their quickest time.
 *
 * Promises: two figures, never a word; they leave this phone by no way; without a place to keep
 * them practice works all the same.
 */

const KEY = "sharelog-practice";

/** @typedef {{times: number, best: number | null}} Times `best` in seconds */

/** @returns {Times} */
export function readTimes() {
  try {
    const { times, best } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (count(times) && count(best)) return { times, best };
  } catch {
    // no such place here, or somebody else's text in it
  }
  return { times: 0, best: null };
}

/** One more time; what is known from now on. @param {number} seconds @returns {Times} */
export function noteTime(seconds) {
  const before = readTimes();
  const known = { times: before.times + 1, best: Math.min(before.best ?? seconds, seconds) };
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // then it is said once, now
  }
  return known;
}

export function forgetTimes() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept there
  }
}

/** @param {unknown} value */
const count = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
