// @ts-check
/**
 * A file of sealed events, carried by hand (docs/protocol.md section 12): one line that says what
 * it is, then frames as base64url. Text, because phones pass text on and refuse other files.
 */
import { owned, utf8 } from "../vault/bytes.js";
import { MalformedBody, splitFrames } from "./frames.js";

const MAGIC = "sharelog-entries/1";
export const MAX_BYTES = 4 * 1024 * 1024;
export const MAX_EVENTS = 2000;
// What base64url makes of it, the first line and the last line end.
const MAX_BODY = Math.floor(((MAX_BYTES - 64) * 3) / 4);

/** Not such a file, changed on its way, or larger than one is ever made. */
export class NotAParcel extends Error {}

/**
 * As many files as it takes, in the order given.
 * @param {Uint8Array[]} events
 * @returns {string[]}
 */
export function makeParcels(events) {
  /** @type {Uint8Array[][]} */
  const parts = [];
  let room = 0;
  for (const event of events) {
    const needed = event.length + 4;
    if (needed > room || (parts.at(-1)?.length ?? MAX_EVENTS) >= MAX_EVENTS) {
      parts.push([]);
      room = MAX_BODY;
    }
    parts[parts.length - 1].push(event);
    room -= needed;
  }
  return parts.map((part) => `${MAGIC}\n${asText(framed(part))}\n`);
}

/** The events of a file, each still to be looked at. @param {Uint8Array} raw @returns {Uint8Array[]} */
export function readParcel(raw) {
  const end = raw.indexOf(10);
  if (raw.length > MAX_BYTES || end < 0 || end > 40) throw new NotAParcel();
  const first = String.fromCharCode(...raw.subarray(0, end)).replace(/\r$/, "");
  if (first !== MAGIC) throw new NotAParcel();
  const text = new TextDecoder("latin1").decode(raw.subarray(end)).replaceAll(/[ \t\r\n]/g, "");
  try {
    const events = splitFrames(asBytes(text));
    if (events.length === 0 || events.length > MAX_EVENTS) throw new NotAParcel();
    return events;
  } catch (error) {
    if (error instanceof MalformedBody) throw new NotAParcel();
    throw error;
  }
}

/** @param {Uint8Array[]} events */
function framed(events) {
  const whole = new Uint8Array(events.reduce((sum, event) => sum + event.length + 4, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const event of events) {
    view.setUint32(at, event.length);
    whole.set(event, at + 4);
    at += event.length + 4;
  }
  return whole;
}

/** base64url of much, in pieces that a call can take. @param {Uint8Array} bytes */
function asText(bytes) {
  let text = "";
  const piece = 3 * 8192;
  for (let at = 0; at < bytes.length; at += piece) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)));
  }
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text */
function asBytes(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new NotAParcel();
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  // Another spelling of the same bytes would be a file that was changed.
  if (asText(bytes) !== text) throw new NotAParcel();
  return owned(bytes);
}

/** Its name says when it was made and nothing else. @param {number} at @param {number} part from 1 @param {number} parts */
export function parcelName(at, part, parts) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const t = new Date(at);
  const day = `${t.getFullYear()}${two(t.getMonth() + 1)}${two(t.getDate())}`;
  const which = parts > 1 ? `-${part}-of-${parts}` : "";
  return `sharelog-waiting-${day}-${two(t.getHours())}${two(t.getMinutes())}${which}.txt`;
}

/** For `File`. @param {string} text */
export const parcelBytes = (text) => utf8(text);
