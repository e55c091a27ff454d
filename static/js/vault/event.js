// @ts-check
/**
 * One signed, sealed thing that happened: exact bytes, no options (docs/protocol.md section 3).
 * Made here; read in parsing.js, behind the form.
 */
import { i64, join, sha256, u32, utf8 } from "./bytes.js";

export const VERSION = 1;
export const CAPTURE = 1;
export const ADDITION = 2;
export const HEADER_BYTES = 110;
export const SIGNATURE_BYTES = 64;
export const MAX_EVENT_BYTES = 65536;
export const FIRST_OF_DEVICE = new Uint8Array(32);
const SIGNING_PREFIX = utf8("sharelog/1/event");
const PHONE_KINDS = [CAPTURE, ADDITION];
/** Kinds 16 to 26 and 32 to 35 are the record's. @param {number} kind */
const ofRecord = (kind) => (kind > 15 && kind < 27) || (kind > 31 && kind < 36);
// Nonce and tag of AES-256-GCM; encapsulated key of RFC 9180 section 7.1 and tag.
/** @type {Record<number, number>} */
const LEAST_SEALED = { 0: 12 + 16, 1: 65 + 16, 2: 1120 + 16 };

/**
 * What anyone may know of an event. `at` in ms since 1970, `utcOffset` in minutes east.
 * @typedef {{kind: number, suite: number, device: Uint8Array, entry: Uint8Array, seq: number,
 *   prev: Uint8Array, at: bigint, utcOffset: number, recordKey: Uint8Array,
 *   sealedLength: number}} Header
 * @typedef {{header: Header, sealed: Uint8Array, signature: Uint8Array}} Event
 */

/** Bytes that are not a version 1 event. */
export class MalformedEvent extends Error {}

/** The 110 header bytes. @param {Header} header */
export function headerBytes(header) {
  check(header);
  const middle = new Uint8Array(2);
  new DataView(middle.buffer).setInt16(0, header.utcOffset);
  return join(
    [VERSION, header.kind, header.suite, 0],
    header.device,
    header.entry,
    u32(header.seq),
    header.prev,
    i64(header.at),
    middle,
    header.recordKey,
    u32(header.sealedLength),
  );
}

/** What the signature covers, and what the id is the hash of. @param {Header} header @param {Uint8Array} sealed */
export async function signedBytes(header, sealed) {
  return join(SIGNING_PREFIX, headerBytes(header), await sha256(sealed));
}

/**
 * The wire form and the id of an event.
 * @param {Header} header
 * @param {Uint8Array} sealed
 * @param {(message: Uint8Array) => Promise<Uint8Array>} sign
 */
export async function lay(header, sealed, sign) {
  const message = await signedBytes(header, sealed);
  const [id, signature] = await Promise.all([sha256(message), sign(message)]);
  return { id, bytes: join(headerBytes(header), sealed, signature) };
}

/** The HPKE `info` of an event; all known before anyone types. @param {number} suite @param {Uint8Array} device @param {Uint8Array} entry @param {Uint8Array} recordKey */
export function sealInfo(suite, device, entry, recordKey) {
  return join(utf8("sharelog/1/seal"), [VERSION, suite], device, entry, recordKey);
}

/** 8 bytes that name a record key. @param {number} suite @param {Uint8Array} publicKey */
export async function recordKeyId(suite, publicKey) {
  return (await sha256(join(utf8("sharelog/1/record-key"), [suite], publicKey))).slice(0, 8);
}

/** Whether this can be the header of an event; MalformedEvent says why not. @param {Header} header */
export function check(header) {
  const fromPhone = PHONE_KINDS.includes(header.kind);
  require(fromPhone || ofRecord(header.kind), "unknown kind");
  require(header.suite in LEAST_SEALED, "unknown suite");
  require(header.device.length === 32, "device is not 32 bytes");
  const { entry } = header;
  require(entry.length === 16 &&
    entry[6] >> 4 === 7 &&
    entry[8] >> 6 === 2, "entry is not a UUID of version 7");
  require(header.prev.length === 32, "prev is not 32 bytes");
  require(header.recordKey.length === 8, "record key id is not 8 bytes");
  const most = MAX_EVENT_BYTES - HEADER_BYTES - SIGNATURE_BYTES;
  const fits = header.sealedLength >= LEAST_SEALED[header.suite] && header.sealedLength <= most;
  require(fits, "sealed length out of range");
  require(fromPhone === (header.suite !== 0), "suite does not go with kind");
  require(fromPhone === header.seq > 0, "seq does not go with kind");
  require(header.seq > 1 || header.prev.every((byte) => byte === 0), "prev without a predecessor");
}

/** @param {boolean} holds @param {string} why */
export function require(holds, why) {
  if (!holds) throw new MalformedEvent(why);
}
