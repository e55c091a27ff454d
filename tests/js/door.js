// @ts-check
/** A phone door in memory that signs as docs/protocol.md says, and fails on request. */
import {
  joinFrames,
  readDocument,
  signDocument,
  splitFrames,
} from "../../static/js/outbox/frames.js";
import { fromText, i64, join, sha256, toText, utf8 } from "../../static/js/vault/bytes.js";
import { recordKeyId, signedBytes } from "../../static/js/vault/event.js";
import { parse } from "../../static/js/vault/parsing.js";
import { NOW } from "./phone.js";

const MOST_IDS = 500;
const ES256 = { name: "ECDSA", hash: "SHA-256" };

/** @typedef {{public: Uint8Array, sign: (message: Uint8Array) => Promise<Uint8Array>}} Signer */

/** @returns {Promise<Signer>} */
export async function signer() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  return {
    public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
    sign: async (message) =>
      new Uint8Array(
        await crypto.subtle.sign(ES256, pair.privateKey, /** @type {BufferSource} */ (message)),
      ),
  };
}

export class Door {
  /** @type {Map<string, any>} */
  held = new Map();
  epoch = toText(new Uint8Array(16).fill(1));
  enrolled = true;
  /** Whether it keeps what phones say of lost stores; doors before did not. */
  notes = true;
  opens = false;
  serial = 1;
  /** Ids to refuse. @type {Set<string>} */
  refuses = new Set();
  /** Answers to give instead, first come. @type {((answer: Response) => Response | Promise<Response>)[]} */
  instead = [];
  /** @type {any[]} */
  hellos = [];
  /** How many events came in each request. @type {number[]} */
  batches = [];
  most = 250;
  /** @type {{code: string, count: number}[]} */
  notices = [];
  /** Keys of phones that get these notices instead. @type {Map<string, {code: string, count: number}[]>} */
  noticesTo = new Map();

  static async open() {
    const door = new Door();
    [door.root, door.stored, door.openedBy, door.publishing] = await Promise.all(
      Array.from({ length: 4 }, signer),
    );
    return door;
  }

  /** @type {any} */ root;
  /** @type {any} */ stored;
  /** @type {any} */ openedBy;
  /** @type {any} */ publishing;

  fetch = async (/** @type {string} */ path, /** @type {any} */ request) => {
    if (path === "/sync/keys") return framed(await this.keys());
    if (path === "/sync/directory") return framed(await this.directory());
    const frames = splitFrames(request.body);
    if (frames.length - 1 > this.most) return problem(413, "sync.too_large");
    // As the real one: a hello that names more is none (docs/protocol.md section 4).
    if (readDocument(frames[0]).holds.length > MOST_IDS) return problem(400, "document.malformed");
    const answer = framed(await this.answer(frames));
    const instead = this.instead.shift();
    return instead ? instead(answer) : answer;
  };

  async keys() {
    const recordKey = new Uint8Array(65).fill(4);
    const content = {
      v: 1,
      serial: this.serial,
      issued_at: NOW,
      organisation: "Northside",
      root: toText(this.root.public),
      record: { suite: 1, id: toText(await recordKeyId(1, recordKey)), public: toText(recordKey) },
      stored: [toText(this.stored.public)],
      opened: [toText(this.openedBy.public)],
      publishing: [toText(this.publishing.public)],
    };
    return signDocument("sharelog/1/keys", content, this.root.sign);
  }

  directory() {
    const content = {
      v: 1,
      serial: this.serial,
      organisation: "Northside",
      language: "en",
      document_within_hours: 24,
      demo: false,
      recipients: [],
      why: [],
      how: [],
    };
    return signDocument("sharelog/1/directory", content, this.publishing.sign);
  }

  /** @param {Uint8Array[]} frames */
  async answer([first, ...events]) {
    const hello = readDocument(first);
    this.hellos.push(hello);
    this.batches.push(events.length);
    const results = [];
    for (const raw of events) results.push(await this.take(raw));
    const opened = this.opens
      ? await Promise.all(hello.awaiting.map((/** @type {string} */ id) => this.say(id)))
      : [];
    const lacks = hello.holds.filter((/** @type {string} */ id) => !this.held.has(id));
    const content = {
      v: 1,
      nonce: hello.nonce,
      epoch: this.epoch,
      head: { position: this.enrolled ? this.held.size : 0, digest: toText(new Uint8Array(32)) },
      time: NOW,
      backed_up_to: 0,
      results,
      missing: this.enrolled ? lacks : [],
      opened,
      notices: this.noticesTo.get(hello.key) ?? this.notices,
      ...(this.notes && { noted: this.enrolled ? this.note(hello) : [] }),
    };
    return signDocument("sharelog/1/answer", content, this.stored.sign);
  }

  /** What was said of lost stores. @type {any[]} */
  lost = [];

  /** @param {any} hello */
  note({ lost = [] }) {
    this.lost.push(...lost);
    return lost.map((/** @type {any} */ one) => one.device);
  }

  /** @param {Uint8Array} raw */
  async take(raw) {
    const { header, sealed } = parse(raw);
    const id = toText(await sha256(await signedBytes(header, sealed)));
    if (!this.enrolled) return { id, outcome: "not-enrolled", receipt: null, why: "" };
    if (this.refuses.has(id))
      return { id, outcome: "refused", receipt: null, why: "signature.wrong" };
    const before = this.held.get(id);
    const receipt = before ?? (await this.receipt(id));
    this.held.set(id, receipt);
    return { id, outcome: before ? "already-held" : "stored", receipt, why: "" };
  }

  /** @param {string} id */
  async receipt(id) {
    const position = this.held.size + 1;
    const message = join(
      utf8("sharelog/1/stored"),
      fromText(this.epoch, 16),
      fromText(id, 32),
      i64(position),
      [0],
      i64(NOW),
    );
    const signature = toText(await this.stored.sign(message));
    return { epoch: this.epoch, position, lane: 0, received_at: NOW, signature };
  }

  /** @param {string} id */
  async say(id) {
    const message = join(utf8("sharelog/1/opened"), fromText(id, 32), [1], i64(NOW));
    const signature = toText(await this.openedBy.sign(message));
    return { id, outcome: "opened", why: "", at: NOW, signature };
  }
}

/** @param {Uint8Array} document */
export const framed = (document) => new Response(joinFrames([document]));

/** @param {number} status @param {string} code @param {Record<string, string>} [headers] */
export const problem = (status, code, headers = {}) =>
  new Response(JSON.stringify({ code }), { status, headers });
