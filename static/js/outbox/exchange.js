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
 * @typedef {{ids: string[], from: number | boolean, rest: number}} Named where it began, and where
 *   the next begins: the numbers of entries; 0 where nothing is left to name
 * @typedef {{at: number, named: Named}} Asked when the question went out, and what it named
 */

const MOST_IDS = 500;
/** How long an older server's silence about what it lacks may stand: it was put back, and says nothing. */
const NAMED_FOR_MS = 24 * 60 * 60 * 1000;
/** A number above that of every entry. */
const EVERY = Number.POSITIVE_INFINITY;
/** @type {Named} */
const NOTHING = { ids: [], from: 0, rest: 0 };

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

/**
 * From where on there is something to name: because the server may have lost it, or because it is
 * a day since all was named. A server of an earlier release may have been put back with its ledger,
 * and does not look whether a head it is told of is its own; nor did an app of one write down when.
 * @param {Contact | undefined} contact
 * @param {number} now
 */
function toNameFrom(contact, now) {
  const since = Math.abs(now - (contact?.namedAt ?? Number.NEGATIVE_INFINITY));
  return contact?.offer || (since > NAMED_FOR_MS ? EVERY : 0);
}

/**
 * What one question names to a server that may have lost some: entries whose sealed bytes are still
 * here, newest first, as many as one hello may have. The next question goes on where this one ends.
 * @param {Database} db
 * @param {Contact | undefined} contact
 * @param {number} now
 * @returns {Promise<Named>}
 */
export async function stillToName(db, contact, now) {
  const from = toNameFrom(contact, now);
  /** @type {string[]} */
  const ids = [];
  if (!from) return { ids, from, rest: 0 };
  // An earlier app wrote down only that there is something to name.
  const upTo = IDBKeyRange.upperBound(from === true ? EVERY : from);
  let cursor = await db.transaction("events").store.openCursor(upTo, "prev");
  while (cursor && ids.length < MOST_IDS) {
    if (cursor.value.bytes?.length > 0) ids.push(cursor.value.id);
    cursor = await cursor.continue();
  }
  return { ids, from, rest: cursor?.key ?? 0 };
}

/**
 * Write down what a verified answer says, in one transaction.
 * @param {Database} db
 * @param {import("./answer.js").Answer} answer
 * @param {number} now
 * @param {Asked} [asked] the question
 */
export async function takeIn(db, answer, now, asked = { at: now, named: NOTHING }) {
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
  met(trust.put(contactAfter(answer, before, now, asked), "contact"));
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
 * nothing of the head we last saw has another ledger: then the next hellos name what this phone
 * holds, all of it, from the newest down.
 * @param {import("./answer.js").Answer} answer
 * @param {Contact | undefined} before
 * @param {number} now
 * @param {Asked} asked
 * @returns {Contact}
 */
function contactAfter(answer, before, now, asked) {
  const { seen, time, backedUpTo, notices } = answer;
  const last = before?.seen;
  const another = notices.some(({ code }) => code === "ledger.another");
  const restored =
    another || (last && (last.epoch !== seen.epoch || seen.position < last.position));
  // The server looked at its clock somewhere between question and answer; nobody knows where.
  const within = Math.max(0, Math.ceil((now - asked.at) / 2));
  const clock = { ahead: now - within - time, within };
  const toName = toNameFrom(before, asked.at);
  const offer = restored ? EVERY : stillOffered(answer, toName, asked.named);
  const namedAt = toName && !offer ? now : before?.namedAt;
  return { seen, time, backedUpTo, at: now, offer, namedAt, clock, notices };
}

/**
 * What is left to name after an answer of the same ledger. What another tab began anew, this one
 * has not named; and a door that does not know this phone looks at nothing it names.
 * @param {import("./answer.js").Answer} answer
 * @param {number | boolean} offer
 * @param {Named} named
 */
function stillOffered(answer, offer, named) {
  return offer === named.from && lookedAt(answer, named) ? named.rest : offer;
}

/**
 * Whether the door said which of these it lacks. Whoever it does not know it tells nothing: not
 * even where its ledger ends (docs/protocol.md section 4).
 * @param {import("./answer.js").Answer} answer
 * @param {Named} named
 */
export function lookedAt({ seen, missing }, { ids }) {
  return ids.length === 0 || seen.position > 0 || missing.length > 0;
}
