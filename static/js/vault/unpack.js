// @ts-check
/** Reads what pack.js made; refuses every other packing of the same words. */
import { fromUtf8 } from "./bytes.js";
import { MAX_JSON_BYTES, paddedLength, through, WrongPacking } from "./pack.js";

/** @param {Uint8Array} plain */
export async function unpack(plain) {
  if (plain.length < 4) throw new WrongPacking("shorter than its length");
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (length + 4 > plain.length || paddedLength(length + 4) !== plain.length) {
    throw new WrongPacking("wrong padded length");
  }
  if (plain.subarray(4 + length).some((byte) => byte !== 0)) throw new WrongPacking("padding");
  const deflated = plain.slice(4, 4 + length);
  const text = await inflate(deflated);
  // Not every runtime minds bytes behind the stream: then it would do without its last byte.
  const whole = await inflate(deflated.slice(0, -1)).then(
    () => false,
    () => true,
  );
  if (!whole) throw new WrongPacking("something behind the deflate stream");
  try {
    return fromUtf8(text);
  } catch (error) {
    throw new WrongPacking("not UTF-8", { cause: error });
  }
}

/** @param {Uint8Array} deflated */
const inflate = (deflated) =>
  through(deflated, new DecompressionStream("deflate-raw"), MAX_JSON_BYTES);
