// @ts-check
/**
 * A small place outside the store, for what must be known before the store is open or when it is
 * gone. Never a word of an entry; without such a place nothing breaks.
 */

/** @param {string} key @returns {any} */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null; // no such place here, or somebody else's text in it
  }
}

/** @param {string} key @param {object | null} value */
export function remember(key, value) {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {
    // A browser without this place can only say less.
  }
}
