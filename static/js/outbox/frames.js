// @ts-check
/** Bodies of the phone door: frames, and signed documents (docs/protocol.md section 2). */
import { fromUtf8, join, sha256, u32, utf8 } from "../vault/bytes.js";
import { signedBy } from "../vault/device.js";

export const MEDIA_TYPE = "application/vnd.sharelog.frames";
const SIGNATURE_BYTES = 64;

/** Bytes that are not frames, or not one signed document. */
export class MalformedBody extends Error {}

/** @param {Uint8Array[]} parts */
export const joinFrames = (parts) => join(...parts.flatMap((part) => [u32(part.length), part]));

/** The frames of a body, which they must fill exactly. @param {Uint8Array} body */
export function splitFrames(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  /** @type {Uint8Array[]} */
  const parts = [];
  let offset = 0;
  while (offset < body.length) {
    if (body.length - offset < 4) throw new MalformedBody("frames");
    const length = view.getUint32(offset);
    offset += 4;
    if (length > body.length - offset) throw new MalformedBody("frames");
    parts.push(body.slice(offset, offset + length));
    offset += length;
  }
  return parts;
}

/** The one frame of a body. @param {Uint8Array} body */
export function onlyFrame(body) {
  const parts = splitFrames(body);
  if (parts.length !== 1) throw new MalformedBody("not one frame");
  return parts[0];
}

/**
 * JSON ‖ signature.
 * @param {string} prefix
 * @param {object} content
 * @param {(message: Uint8Array) => Promise<Uint8Array>} sign
 */
export async function signDocument(prefix, content, sign) {
  const text = utf8(JSON.stringify(content));
  return join(text, await sign(await documentBytes(prefix, text)));
}

/** The content, its signature not yet checked (the key may stand inside). @param {Uint8Array} raw @returns {any} */
export function readDocument(raw) {
  let content;
  try {
    content = JSON.parse(fromUtf8(raw.subarray(0, -SIGNATURE_BYTES)));
  } catch (error) {
    throw new MalformedBody("not a document", { cause: error });
  }
  if (content?.v !== 1) throw new MalformedBody("not of version 1");
  return content;
}

/** Whether one of these raw public keys signed this document. @param {string} prefix @param {Uint8Array} raw @param {Uint8Array[]} keys */
export async function documentSignedBy(prefix, raw, keys) {
  const text = raw.slice(0, -SIGNATURE_BYTES);
  const signature = raw.slice(-SIGNATURE_BYTES);
  const message = await documentBytes(prefix, text);
  return signedByOneOf(keys, signature, message);
}

/** @param {Uint8Array[]} keys @param {Uint8Array} signature @param {Uint8Array} message */
export async function signedByOneOf(keys, signature, message) {
  for (const key of keys) if (await signedBy(key, signature, message)) return true;
  return false;
}

/** @param {string} prefix @param {Uint8Array} text */
async function documentBytes(prefix, text) {
  return join(utf8(prefix), await sha256(text));
}
