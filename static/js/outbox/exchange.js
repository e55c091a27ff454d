// @ts-check
/** What a question to the door takes from this phone's store, and what its answer leaves there. */
import { sha256, toText } from "../vault/bytes.js";
import { signedBytes } from "../vault/event.js";
import { parse } from "../vault/parsing.js";

/**
 * @typedef {import("../vault/database.js").Database} Database
 * @typedef {import("../vault/database.js").KeptEvent} KeptEvent
 * @typedef {import("../vault/database.js").KeptState} KeptState
 * @typedef {import("./waiting.js").Contact} Contact
 */

const MOST_IDS = 500;

/**
 * The events of these numbers. One whose bytes are no longer what was saved is parked instead: it
 * stays, it is shown, and it keeps no other from being sent.
 * @param {Database} db
 * @param {number[]} numbers
 * @param {number} now
 * @returns {Promise<KeptEvent[]>}
 */
export async function soundEvents(db, numbers, now) {
  const sound = [];
  for (const n of numbers) {
    const row = await db.get("events", n).catch(() => undefined);
    if (row && (await isSound(row))) sound.push(row);
    else await db.put("states", parked(n, now));
  }
  return sound;
}

/** @param {number} n @param {number} now @returns {KeptState} */
const parked = (n, now) => ({
  n,
  state: "parked",
  why: "phone.damaged",
  changedAt: now,
  receipt: null,
  opened: null,
});

/** Whether these are the bytes whose id was written down. @param {KeptEvent} row */
async function isSound({ id, bytes }) {
  try {
    const { header, sealed } = parse(bytes);
    return toText(await sha256(await signedBytes(header, sealed))) === id;
  } catch {
    return false;
  }
}

/** Ids received and not yet known to be opened. @param {Database} db @returns {Promise<string[]>} */
export async function awaitingIds(db) {
  const tx = db.transaction(["events", "states"]);
  const numbers = await tx.objectStore("states").index("state").getAllKeys("received", MOST_IDS);
  const rows = await Promise.all(numbers.map((n) => tx.objectStore("events").get(n)));
  return rows.filter(Boolean).map((row) => row.id);
}

/** Ids whose sealed bytes are still here, for a server that lost some. @param {Database} db @returns {Promise<string[]>} */
export async function heldIds(db) {
  const ids = [];
  let cursor = await db.transaction("events").store.openCursor(null, "prev");
  while (cursor && ids.length < MOST_IDS) {
    if (cursor.value.bytes?.length > 0) ids.push(cursor.value.id);
    cursor = await cursor.continue();
  }
  return ids;
}

/**
 * Write down what a verified answer says, in one transaction.
 * @param {Database} db
 * @param {import("./answer.js").Answer} answer
 * @param {number} now
 * @param {number} [askedAt] when the question went out
 */
export async function takeIn(db, answer, now, askedAt = now) {
  const tx = db.transaction(["events", "states", "trust"], "readwrite");
  met(tx.done);
  const events = tx.objectStore("events");
  const states = tx.objectStore("states");
  const trust = tx.objectStore("trust");
  const before = await trust.get("contact");
  for (const { id, state, why, receipt } of answer.outcomes) {
    const row = state && (await events.index("id").get(id));
    if (!row) continue;
    const known = await states.get(row.n);
    // A repeated receipt must not take back that the entry has been opened.
    if (known?.state !== "in-record") {
      met(states.put({ n: row.n, state, why, changedAt: now, receipt, opened: null }));
    }
    if (state === "disposed") met(events.put({ ...row, bytes: new Uint8Array(0) }));
  }
  for (const { id, state, why, statement } of answer.opened) {
    const n = await events.index("id").getKey(id);
    const known = n === undefined ? undefined : await states.get(n);
    // *In the record* is only true of what was received.
    if (known) met(states.put({ ...known, state, why, changedAt: now, opened: statement }));
  }
  for (const id of answer.missing) {
    const row = await events.index("id").get(id);
    // A server restored from an older backup: the entry waits again.
    if (row?.bytes?.length > 0) met(states.delete(row.n));
  }
  met(trust.put(contactAfter(answer, before, now, askedAt), "contact"));
  // Only this, a signed answer to our own question, may say that a phone is no longer trusted.
  if (answer.notices.some(({ code }) => code === "device.revoked")) {
    met(trust.put({ at: now }, "revoked"));
  }
  await tx.done;
}

/** Nobody waits for this one alone: what fails is met again as the end of its transaction. @param {Promise<unknown>} write */
const met = (write) => write.catch(() => {});

/**
 * What is remembered of this answer. A new epoch, a head that went back, or a server that knows
 * nothing of the head we last saw has another ledger: then the next hello names what this phone holds.
 * @param {import("./answer.js").Answer} answer
 * @param {Contact | undefined} before
 * @param {number} now
 * @param {number} askedAt
 * @returns {Contact}
 */
function contactAfter({ seen, time, backedUpTo, notices }, before, now, askedAt) {
  const last = before?.seen;
  const another = notices.some(({ code }) => code === "ledger.another");
  const restored =
    another || (last && (last.epoch !== seen.epoch || seen.position < last.position));
  // The server looked at its clock somewhere between question and answer; nobody knows where.
  const within = Math.max(0, Math.ceil((now - askedAt) / 2));
  const clock = { ahead: now - within - time, within };
  return { seen, time, backedUpTo, at: now, offer: Boolean(restored), clock, notices };
}
