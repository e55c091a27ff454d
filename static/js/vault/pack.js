// @ts-check
/**
 * The plain text inside the seal: length, raw deflate, zeros (docs/protocol.md section 3.3).
 *
 * The padding hides how much was written; the length is there because browsers refuse to inflate
 * a stream with anything behind it. What is only read behind the form is in unpack.js.
 */
import { join, owned, u32, utf8 } from "./bytes.js";

export const MAX_JSON_BYTES = 65536;

/** A plain text that is not packed as section 3.3 says, or is too long to be. */
export class WrongPacking extends Error {}

/** @param {number} length */
export function paddedLength(length) {
  let step = 64;
  for (let most = 1024; length > most; most *= 2) step *= 2;
  return Math.ceil(length / step) * step;
}

/** @param {string} json */
export async function pack(json) {
  const text = utf8(json);
  if (text.length > MAX_JSON_BYTES) throw new WrongPacking("too long");
  const deflated = await through(text, new CompressionStream("deflate-raw"));
  const bare = join(u32(deflated.length), deflated);
  return join(bare, new Uint8Array(paddedLength(bare.length) - bare.length));
}

/**
 * Bytes through a stream that makes them shorter or longer.
 * @param {Uint8Array} bytes
 * @param {{readable: ReadableStream, writable: WritableStream}} transform
 * @param {number} most
 */
export async function through(bytes, transform, most = Number.POSITIVE_INFINITY) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  try {
    const writer = transform.writable.getWriter();
    // Whatever goes wrong in here is met again, and reported, on the reading side.
    writer.write(owned(bytes)).catch(() => {});
    writer.close().catch(() => {});
    const reader = transform.readable.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > most) throw new WrongPacking("inflates to too much");
    }
  } catch (error) {
    if (error instanceof WrongPacking) throw error;
    throw new WrongPacking("not one deflate stream", { cause: error });
  }
  return join(...parts);
}
