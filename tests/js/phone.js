// @ts-check
/** A phone without a browser: the real vault on an IndexedDB in memory, with a clock of its own. */
import * as memory from "fake-indexeddb";
import { Vault } from "../../static/js/vault/database.js";
import { openDevice } from "../../static/js/vault/device.js";
import { save } from "../../static/js/vault/save.js";
import { Trust } from "../../static/js/vault/trust.js";

export const NOW = 1_795_000_000_000;

/** An empty phone. */
export function wipe() {
  Object.assign(globalThis, memory, { indexedDB: new memory.IDBFactory() });
}

export const clock = {
  now: () => NOW,
  monotonic: () => 1234,
  offset: () => 0,
  random: () => 0.5,
  /** @param {number} n */
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
};

/** A UUID of version 7 with this last byte. @param {number} last */
export function entry(last) {
  const id = new Uint8Array(16);
  id[6] = 0x70;
  id[8] = 0x80;
  id[15] = last;
  return id;
}

/** Something sealed; what is in it does not matter here. @param {number} [last] */
export const sealed = (last = 1) => ({
  kind: 1,
  suite: 1,
  entry: entry(last),
  recordKey: new Uint8Array(8),
  sealed: clock.bytes(81 + 64),
  at: NOW,
  utcOffset: 0,
});

/** @param {import("./door.js").Door} [door] */
export async function aPhone(door) {
  wipe();
  const vault = new Vault();
  const device = await openDevice(vault);
  const trust = new Trust(vault);
  let changes = 0;
  const rooms = {
    vault,
    device,
    trust,
    clock,
    fetcher: /** @type {typeof fetch} */ (door?.fetch ?? (() => Promise.reject(new TypeError()))),
    changed: () => {
      changes += 1;
    },
  };
  return {
    ...rooms,
    rooms,
    changes: () => changes,
    log: (/** @type {number} */ last) => save(vault, device, sealed(last)),
  };
}
