// @ts-check
/** The small place outside the store, in memory. */
export function anotherPlace() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const place = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: place, configurable: true });
  return kept;
}
