// @ts-check
/** The page's own memory in the place of the browser's store, for as long as the page lives. */
import { shape } from "../vault/database.js";
import { MemoryDatabase } from "../vault/memory.js";
import { bringRooms } from "./rooms.js";

/** @typedef {import("../vault/database.js").Vault} Vault */

/** The store cannot be opened. @param {Vault} vault @param {(memory: MemoryDatabase) => unknown} [fill] */
export async function standIn(vault, fill) {
  await bringRooms();
  const memory = new MemoryDatabase(shape);
  await fill?.(memory);
  vault.doWithout(/** @type {any} */ (memory));
  addEventListener("beforeunload", (event) => {
    // Only a receipt takes this warning away: closing the page is the end of what waits.
    if (memory.size("events") > memory.size("states")) event.preventDefault();
  });
}

/** The store has failed to write: what it still has goes along. @param {Vault} vault */
export async function leaveStore(vault) {
  const db = await vault.db();
  await standIn(vault, async (memory) => {
    for (const name of db.objectStoreNames) {
      if (!memory.objectStoreNames.contains(name)) continue;
      const { store } = db.transaction(name);
      const [keys, rows] = await Promise.all([store.getAllKeys(), store.getAll()]);
      memory.fill(name, keys, rows);
    }
  });
}
