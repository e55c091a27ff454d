// @ts-check
/**
 * Where the browser's store cannot be opened: logging goes on, sealed, for as long as this page
 * lives, and the page says so.
 */
import { shape } from "../vault/database.js";
import { byId } from "./find.js";
import { bringRooms } from "./rooms.js";

/** @param {import("../vault/database.js").Vault} vault */
export async function openOrDoWithout(vault) {
  try {
    await vault.db();
  } catch {
    const [{ MemoryDatabase }] = await Promise.all([import("../vault/memory.js"), bringRooms()]);
    const memory = new MemoryDatabase(shape);
    vault.doWithout(/** @type {any} */ (memory));
    byId("page-only").hidden = false;
    addEventListener("beforeunload", (event) => {
      // Only a receipt takes this warning away: closing the page is the end of what waits.
      if (memory.size("events") > memory.size("states")) event.preventDefault();
    });
  }
}
