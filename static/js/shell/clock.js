// @ts-check
/** Time and chance, taken here and nowhere else, so that tests can give their own. */

/** @typedef {{now: () => number, monotonic: () => number, offset: (at: number) => number,
 *   random: () => number, bytes: (n: number) => Uint8Array<ArrayBuffer>}} Clock */

/** @type {Clock} */
export const clock = {
  now: () => Date.now(),
  monotonic: () => Math.round(performance.now()),
  // JavaScript counts minutes west; the record counts minutes east, as people do.
  offset: (at) => -new Date(at).getTimezoneOffset(),
  random: () => Math.random(),
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
};

/** A UUID version 7 (RFC 9562). @param {Clock} clock */
export function uuid7({ now, bytes }) {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(Math.max(0, now())));
  const id = new Uint8Array(16);
  id.set(time.subarray(2));
  id.set(bytes(10), 6);
  id[6] = (id[6] & 0x0f) | 0x70;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}
