// @ts-check
/**
 * Words beside an entry that is already sealed: sealed to the record like everything else, and,
 * while they are being typed, kept in a form that can be sent as it is.
 */
import { toText } from "../vault/bytes.js";
import { ADDITION, MAX_EVENT_BYTES } from "../vault/event.js";
import { pack } from "../vault/pack.js";
import { readBackDays, readingKey, readyCopy, UNFINISHED } from "../vault/reading.js";
import { save } from "../vault/save.js";
import { readySeal } from "../vault/seal.js";
import { addition } from "./content.js";

const AROUND_THE_PLAIN = 110 + 64 + 1120 + 16;

/**
 * @typedef {import("./logging.js").Circumstances} Circumstances
 * @typedef {import("./logging.js").Rooms & {circumstances: () => Circumstances}} Rooms
 * @typedef {{entry: Uint8Array, at: number}} Logged
 */

/**
 * @param {Rooms} rooms
 * @param {Uint8Array} entry
 * @param {"fix" | "mistake"} what
 * @param {string} text
 * @param {string} [unfinished] the row that was kept while it was typed
 */
export async function add(rooms, entry, what, text, unfinished) {
  const { vault, device, clock } = rooms;
  const at = clock.now();
  const event = { kind: ADDITION, entry, ...(await sealed(rooms, entry, what, text, at)) };
  return save(vault, device, { ...event, at, utcOffset: clock.offset(at) }, { unfinished });
}

/**
 * What is typed so far. Nobody has said yet that the entry was a mistake, so it is a correction.
 * @param {Rooms} rooms
 * @param {Logged} logged
 * @param {string} name of the row
 * @param {string} text
 * @returns {Promise<import("../vault/unfinished.js").Unfinished>}
 */
export async function sealCorrection(rooms, logged, name, text) {
  const { device, clock } = rooms;
  const at = clock.now();
  return {
    entry: name,
    fixes: toText(logged.entry),
    logged: logged.at,
    device: device.name,
    at,
    utcOffset: clock.offset(at),
    ...(await sealed(rooms, logged.entry, "fix", text, at)),
    copy: await copyOf(rooms, logged.entry, text),
  };
}

/** @param {Rooms} rooms @param {Uint8Array} entry @param {"fix" | "mistake"} what @param {string} text @param {number} at */
async function sealed({ device, trust, clock, circumstances }, entry, what, text, at) {
  if (!trust.keys) throw new Error("no key yet");
  const moment = { at, offset: clock.offset, monotonic: clock.monotonic(), ...circumstances() };
  const plain = await pack(JSON.stringify(addition(what, text, moment)));
  if (plain.length + AROUND_THE_PLAIN > MAX_EVENT_BYTES) throw new Error("too long");
  const { suite, recordKey, close } = await readySeal(trust.keys.record, device.id, entry);
  return { suite, recordKey, sealed: await close(plain) };
}

/**
 * Only beside a copy of the entry itself: where that may not be read here, because somebody is in
 * danger or the organisation keeps none, what is said about it may not either.
 * @param {Rooms} rooms @param {Uint8Array} entry @param {string} text
 */
async function copyOf({ vault, trust }, entry, text) {
  const db = await vault.db();
  const key = readBackDays(trust.directory) > 0 ? await readingKey(db) : null;
  if (!key || !(await db.get("copies", toText(entry)))) return null;
  const close = await readyCopy(key, UNFINISHED, entry);
  return close(await pack(JSON.stringify({ text })));
}
