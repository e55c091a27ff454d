// @ts-check
/** Reads one encoding of an event and refuses every other, as the server does. */
import {
  check,
  HEADER_BYTES,
  MAX_EVENT_BYTES,
  require,
  SIGNATURE_BYTES,
  VERSION,
} from "./event.js";

/**
 * @typedef {import("./event.js").Header} Header
 * @typedef {import("./event.js").Event} Event
 */

/** @param {Uint8Array} raw @returns {Header} */
function readHeader(raw) {
  const view = new DataView(raw.buffer, raw.byteOffset, HEADER_BYTES);
  require(raw[0] === VERSION, "unknown version");
  require(raw[3] === 0, "reserved byte is not zero");
  const header = {
    kind: raw[1],
    suite: raw[2],
    device: raw.slice(4, 36),
    entry: raw.slice(36, 52),
    seq: view.getUint32(52),
    prev: raw.slice(56, 88),
    at: view.getBigInt64(88),
    utcOffset: view.getInt16(96),
    recordKey: raw.slice(98, 106),
    sealedLength: view.getUint32(106),
  };
  check(header);
  return header;
}

/** Read one whole event; MalformedEvent on anything short, long or not ours. @param {Uint8Array} raw @returns {Event} */
export function parse(raw) {
  require(raw.length <= MAX_EVENT_BYTES, "larger than 64 KiB");
  require(raw.length >= HEADER_BYTES, "shorter than a header");
  const header = readHeader(raw);
  const end = HEADER_BYTES + header.sealedLength;
  require(raw.length === end + SIGNATURE_BYTES, "length does not match the header");
  return { header, sealed: raw.slice(HEADER_BYTES, end), signature: raw.slice(end) };
}
