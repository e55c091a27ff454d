// @ts-check
/**
 * Where the browser's store cannot be opened, or failed to write: logging goes on, sealed, for as
 * long as this page lives, and the page says so.
 */
import { byId } from "./find.js";

/** @typedef {import("../vault/database.js").Vault} Vault */

/** @param {Vault} vault */
export async function openOrDoWithout(vault) {
  try {
    await vault.db();
  } catch {
    await (await import("./stand-in.js")).standIn(vault);
    byId("page-only").hidden = false;
  }
}

/**
 * A write failed, so the disk may be full. Browsers have thrown away a whole store after that, with
 * what they had confirmed: nothing more is entrusted to this one.
 * @param {Vault} vault
 * @param {Error} error
 */
export function writeFailed(vault, { cause }) {
  byId("store-failed").hidden = false;
  // Anything but the browser's own word for a failed write is no reason to leave its store.
  if (cause instanceof DOMException) vault.doubtful = true;
}

/** Before something is kept. While what the store has cannot be read, nothing is. @param {Vault} vault */
export async function leaveDoubtful(vault) {
  if (vault.doubtful && !vault.inMemory) await (await import("./stand-in.js")).leaveStore(vault);
}
