// @ts-check
/**
 * A second copy, sealed as it is, of what is not in the record yet, and of whom this phone
 * believes: in the browser's cache, which stands in files of its own. A browser that was killed
 * while it wrote can throw a whole store away later (docs/decisions/0026).
 *
 * Promises: a copy goes only when its entry was answered for, or is carried to the record like
 * something out of a file, or was never said to be saved; a store that still has its entries is never
 * mistaken for one that was thrown away.
 */
import { raiseAlarm } from "../vault/alarm.js";
import { same } from "../vault/bytes.js";
import { SPARES } from "../vault/spare.js";
import { checkKeys } from "../vault/trust.js";
import { foundAgain } from "../vault/vanished.js";
import { waitingNumbers } from "./waiting.js";

/** Copies of entries; those of what is believed have shorter names. */
const ENTRY = /^\/([^/]+)\/([\w-]{43})$/;
/** Where an event says whose it is (docs/protocol.md 3.1). @type {[number, number]} */
const DEVICE = [4, 36];
/** A round that copies more would hold up what waits to be sent. */
const MOST_AT_ONCE = 100;

/**
 * @typedef {Pick<import("./send.js").Rooms, "vault" | "device" | "clock">} Rooms
 * @typedef {import("../vault/database.js").Database} Database
 */

/**
 * Make the copies that are missing, drop those that are not needed, carry those whose entry is
 * gone.
 * @param {Rooms} rooms
 * @param {import("./carried.js").Cargo} cargo
 */
export async function lookAfterSpares({ vault, device, clock }, cargo) {
  const cache = await place();
  // A store that stands for one that cannot be opened knows nothing of what was in it.
  if (!cache || vault.inMemory) return;
  const db = await vault.db();
  await copyTrust(cache, vault.name, db, clock.now());
  const there = await copies(cache, vault.name);
  const { gone, answered, copied } = await sorted(db, there);
  for (const request of answered) await cache.delete(request);
  await copyEntries(cache, vault.name, db, copied);
  if (gone.length === 0) return;
  const raws = await Promise.all(gone.map(async (one) => bytesOf(await cache.match(one))));
  // Copied by this very phone, and not in its store: killed in between, and never said to be saved.
  const lost = raws.filter((raw) => !same(raw.subarray(...DEVICE), device.id));
  const { taken } = await cargo.load(lost, clock.now(), async () => false);
  if (taken > 0) foundAgain(vault.name, taken, clock.now());
  for (const request of gone) await cache.delete(request);
}

/**
 * The store was thrown away, and nobody answers: whom this phone believed, it still knows.
 * @param {import("../vault/trust.js").Trust} trust
 */
export async function believeAgain(trust) {
  const cache = await place();
  const [keys, directory] = await Promise.all(
    ["keys", "directory"].map((name) => cache?.match(`/${trust.vault.name}/${name}`)),
  );
  if (keys) await trust.acceptKeys(await bytesOf(keys));
  if (keys && directory) await trust.acceptDirectory(await bytesOf(directory));
}

/** Nothing of theirs is left here. @param {string} store */
export async function forgetSpares(store) {
  const cache = await place();
  for (const request of (await cache?.keys()) ?? []) {
    if (new URL(request.url).pathname.startsWith(`/${store}/`)) await cache?.delete(request);
  }
}

/** The copies of a person's entries, by the names of the events. @param {Cache} cache @param {string} store */
async function copies(cache, store) {
  /** @type {Map<string, Request>} */
  const found = new Map();
  for (const request of await cache.keys()) {
    const [, whose, id] = ENTRY.exec(new URL(request.url).pathname) ?? [];
    if (whose === store) found.set(id, request);
  }
  return found;
}

/**
 * The copies whose entry is gone, those whose entry was answered for, and the numbers of the
 * events that have one.
 * @param {Database} db
 * @param {Map<string, Request>} there
 */
async function sorted(db, there) {
  const tx = db.transaction(["events", "states"]);
  const named = tx.objectStore("events").index("id");
  // All at once: thousands may wait, and none of their bytes is needed.
  const [states, ...numbers] = await Promise.all([
    tx.objectStore("states").getAllKeys(),
    ...Array.from(there.keys(), (id) => named.getKey(id)),
  ]);
  const known = new Set(/** @type {IDBValidKey[]} */ (states));
  const requests = Array.from(there.values());
  return {
    gone: requests.filter((_, i) => numbers[i] === undefined),
    answered: requests.filter((_, i) => known.has(/** @type {IDBValidKey} */ (numbers[i]))),
    copied: new Set(numbers),
  };
}

/** Those from before, or of a page that was gone too soon. @param {Cache} cache @param {string} store @param {Database} db @param {Set<unknown>} copied */
async function copyEntries(cache, store, db, copied) {
  let room = MOST_AT_ONCE;
  for (const n of await waitingNumbers(db)) {
    const row = copied.has(n) ? null : await db.get("events", n);
    if (!row?.bytes?.length) continue;
    await cache.put(`/${store}/${row.id}`, new Response(row.bytes));
    if (--room === 0) return;
  }
}

/**
 * What is believed now; and a word where it is not who was believed before the store was thrown
 * away.
 * @param {Cache} cache
 * @param {string} store
 * @param {Database} db
 * @param {number} now
 */
async function copyTrust(cache, store, db, now) {
  for (const name of ["keys", "directory"]) {
    const raw = /** @type {Uint8Array<ArrayBuffer> | undefined} */ (await db.get("trust", name));
    if (!raw) continue;
    const at = `/${store}/${name}`;
    const before = await bytesOf(await cache.match(at));
    if (same(before, raw)) continue;
    if (name === "keys" && before.length > 0) {
      const [one, other] = await Promise.all([checkKeys(before), checkKeys(raw)]);
      if (!same(one.root, other.root)) await raiseAlarm(db, "root", now);
    }
    await cache.put(at, new Response(raw));
  }
}

/** @param {Response | undefined} kept */
const bytesOf = async (kept) => new Uint8Array((await kept?.arrayBuffer()) ?? []);

/** Null where there is no such place, as in some private windows. */
async function place() {
  try {
    return await caches.open(SPARES);
  } catch {
    return null;
  }
}
