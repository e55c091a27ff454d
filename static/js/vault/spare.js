// @ts-check
/** Where a second copy of what waits stands (outbox/spares.js): in files that are not the store's. */

/** Not one of the caches that the service worker clears away. */
export const SPARES = "spare";
/** Opened once, because saving is timed. @type {Promise<Cache> | undefined} */
let place;

/** @param {string} at @param {Uint8Array} bytes */
export async function keepSpare(at, bytes) {
  try {
    place ??= caches.open(SPARES);
    await (await place).put(at, new Response(/** @type {BlobPart} */ (bytes)));
  } catch {
    // No such place, or no room in it: the store alone has it.
  }
}
