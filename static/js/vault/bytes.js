// @ts-check
/** Bytes and their one spelling as text: what every other room of the vault stands on. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const utf8 = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (encoder.encode(text));

/** Text of bytes that must be UTF-8. @param {Uint8Array} bytes */
export const fromUtf8 = (bytes) => decoder.decode(bytes);

/**
 * @param {...(Uint8Array | number[])} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export function same(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** base64url without padding (RFC 4648 section 5). @param {Uint8Array} bytes */
export function toText(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Exactly `length` bytes from their one base64url form.
 * @param {unknown} text
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromText(text, length) {
  const spelled =
    typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1;
  if (!spelled) throw new WrongText();
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (symbol) => symbol.charCodeAt(0));
  // Another spelling of the same bytes would be a second name for one thing.
  if (bytes.length !== length || toText(bytes) !== text) throw new WrongText();
  return bytes;
}

/** Text that is not the one base64url spelling of so many bytes. */
export class WrongText extends Error {}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", owned(bytes)));
}

/**
 * The same bytes, typed as WebCrypto wants them.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const owned = (bytes) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes);

/** @param {number} value */
export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Eight bytes, big-endian, signed or not. @param {number | bigint} value */
export function i64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}
