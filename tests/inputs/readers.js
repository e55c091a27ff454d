// @ts-check
/**
 * The phone's own readers, asked from outside: bytes come in on one side, and what each reader made
 * of them goes out on the other. A question is `reader (1) ‖ u32 length ‖ bytes`; its answer is
 * `read (1) ‖ u32 length ‖ what it says, as text`.
 */
import { readOpened } from "../../static/js/outbox/answer.js";
import { MalformedBody, readDocument, splitFrames } from "../../static/js/outbox/frames.js";
import { NotAParcel, readParcel } from "../../static/js/outbox/parcel.js";
import { fromText, fromUtf8, utf8, WrongText } from "../../static/js/vault/bytes.js";
import { MalformedEvent } from "../../static/js/vault/event.js";
import { WrongPacking } from "../../static/js/vault/pack.js";
import { parse } from "../../static/js/vault/parsing.js";
import { unpack } from "../../static/js/vault/unpack.js";

const lengths = (/** @type {Uint8Array[]} */ parts) => parts.map((one) => one.length).join();
const keys = /** @type {any} */ ({ opened: [fromText(process.argv[2], 65)] });

/** @type {Record<string, (raw: Uint8Array) => string | Promise<string>>} */
const READERS = {
  e: (raw) => {
    const { kind, suite, seq, at, utcOffset, sealedLength } = parse(raw).header;
    return [kind, suite, seq, at, utcOffset, sealedLength].join();
  },
  f: (raw) => lengths(splitFrames(raw)),
  t: (raw) => Buffer.from(fromText(fromUtf8(raw.subarray(1)), raw[0])).toString("hex"),
  p: (raw) => lengths(readParcel(raw)),
  u: (raw) => unpack(raw),
  d: (raw) => String(readDocument(raw).v),
  o: async (raw) => {
    const { id, why } = await readOpened(JSON.parse(fromUtf8(raw)), keys);
    return `${id},${why}`;
  },
};

/** What a reader may throw; another error would be one that nobody foresaw. */
const REFUSALS = [MalformedEvent, MalformedBody, NotAParcel, WrongPacking, WrongText];

/** @param {number} read @param {Uint8Array} bytes */
function frame(read, bytes) {
  const head = Buffer.alloc(5);
  head[0] = read;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

const parts = [];
for await (const part of process.stdin) parts.push(part);
const asked = Buffer.concat(parts);
const answers = [];
for (let at = 0; at < asked.length; ) {
  const reader = String.fromCharCode(asked[at]);
  const end = at + 5 + asked.readUInt32BE(at + 1);
  const raw = new Uint8Array(asked.subarray(at + 5, end));
  at = end;
  try {
    answers.push(frame(1, utf8(await READERS[reader](raw))));
  } catch (error) {
    // Whoever reads a statement in the app takes any error for *not an answer*.
    const foreseen = reader === "o" || REFUSALS.some((one) => error instanceof one);
    answers.push(frame(foreseen ? 0 : 2, utf8(foreseen ? "" : String(error))));
  }
}
process.stdout.write(Buffer.concat(answers));
