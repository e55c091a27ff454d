// @ts-check
/**
 * Lets go of sealed bytes that the record surely has (docs/protocol.md section 5).
 *
 * Promises: what was never stored is never touched; nothing goes because a clock of this phone says
 * so; the line of the entry stays.
 */

const PRUNE_EVERY_MS = 6 * 60 * 60 * 1000;
const KEEP_MS = 35 * 24 * 60 * 60 * 1000;

/**
 * @typedef {{epoch: string, position: number, received_at: number}} Receipt
 * @typedef {import("./waiting.js").Contact} Contact
 */

/**
 * Whether the record surely has it: opened and covered by an announced backup, else 35 days after
 * it was stored. Both times are the server's, from signed answers.
 * @param {import("../vault/database.js").KeptState} known
 * @param {Contact} contact
 */
export function surelyHeld({ state, receipt }, contact) {
  if (!receipt) return false;
  const { epoch, position, received_at } = /** @type {Receipt} */ (receipt);
  if (contact.time - received_at >= KEEP_MS) return true;
  // A position says nothing about a server that was restored since.
  const sameServer = epoch === contact.seen.epoch;
  return state === "in-record" && sameServer && position <= contact.backedUpTo;
}

/**
 * What an outbox does beside sending, a few times a day.
 * @param {Pick<import("./send.js").Rooms, "vault" | "clock">} rooms
 */
export function pruning({ vault, clock }) {
  let last = 0;
  return async () => {
    const now = clock.now();
    if (Math.abs(now - last) < PRUNE_EVERY_MS) return;
    last = now;
    await prune(await vault.db());
  };
}

/** @param {import("../vault/database.js").Database} db @returns {Promise<number>} how many */
export async function prune(db) {
  const contact = /** @type {Contact | undefined} */ (await db.get("trust", "contact"));
  // While a restored server is being told what this phone holds, everything is held.
  if (!contact || contact.offer) return 0;
  const tx = db.transaction(["events", "states"], "readwrite");
  const events = tx.objectStore("events");
  let pruned = 0;
  for (let cursor = await tx.objectStore("states").openCursor(); cursor; ) {
    if (surelyHeld(cursor.value, contact)) {
      const row = await events.get(cursor.value.n);
      if (row?.bytes?.length > 0) {
        events.put({ ...row, bytes: new Uint8Array(0) });
        pruned += 1;
      }
    }
    cursor = await cursor.continue();
  }
  await tx.done;
  return pruned;
}
