// @ts-check
/**
 * From answers to an entry on this phone: a name for the entry, a seal made ready while the person
 * types, and at *Log it* nothing left to do but close it, sign it and keep it.
 */

import { uuid7 } from "../shell/clock.js";
import { toText } from "../vault/bytes.js";
import { CAPTURE, MAX_EVENT_BYTES } from "../vault/event.js";
import { pack } from "../vault/pack.js";
import { ENTRY, readBackDays, readingKey, readyCopy, UNFINISHED } from "../vault/reading.js";
import { NotSaved, save } from "../vault/save.js";
import { readySeal } from "../vault/seal.js";
import { capture, unfinished } from "./content.js";

const AROUND_THE_PLAIN = 110 + 64 + 1120 + 16;

/** This page has never met its organisation: there is no key to seal to. */
export class NoKeyYet extends Error {}

/** More was written than one event can hold. */
export class TooLong extends Error {}

/**
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   device: import("../vault/device.js").Device, trust: import("../vault/trust.js").Trust,
 *   clock: import("../shell/clock.js").Clock}} Rooms
 * @typedef {{contact: import("../outbox/waiting.js").Contact | undefined, offline: boolean, app: string, language: "en" | "cy"}} Circumstances
 */

/**
 * One for the record, and one for each copy where there is a reading key.
 * @typedef {(plain: Uint8Array) => Promise<Uint8Array>} Close
 * @typedef {{seal: import("../vault/seal.js").ReadySeal, ofEntry: Close | null,
 *   ofUnfinished: Close | null}} Ready
 */

export class Logging {
  /** @type {Uint8Array} */
  #entry;
  /** @type {Promise<Ready> | null} */
  #ready = null;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#entry = uuid7(rooms.clock);
  }

  /** The name of the entry that is being written. */
  get entry() {
    return toText(this.#entry);
  }

  /** Whether there is anything to seal with, and a name under which it can be sent later. */
  get ready() {
    return this.rooms.trust.keys !== null && this.rooms.device.kept;
  }

  /** A new entry begins, or one goes on that was left. @param {Uint8Array} [entry] */
  begin(entry = uuid7(this.rooms.clock)) {
    this.#entry = entry;
    this.#ready = null;
    this.makeReady();
  }

  /** Another reading key, or none: what was made ready for the last one is of no use. */
  forgetReady() {
    this.#ready = null;
    this.makeReady();
  }

  /** Do the public-key work now, so that *Log it* need not. */
  async makeReady() {
    if (this.#ready || !this.rooms.trust.keys) return;
    const ready = this.#newSeals();
    this.#ready = ready;
    await ready.catch(() => {
      if (this.#ready === ready) this.#ready = null; // said when it matters: at *Log it*
    });
  }

  /**
   * @param {import("./content.js").Answers} answers
   * @param {Circumstances} circumstances
   */
  async log(answers, circumstances) {
    const { vault, device, clock } = this.rooms;
    const moment = this.#moment(circumstances);
    const content = capture(answers, moment);
    const plain = await packed(content);
    const { seal, ofEntry } = await this.#take();
    const { suite, entry, recordKey } = seal;
    const named = toText(entry);
    const [sealed, copied] = await Promise.all([
      seal.close(plain),
      inDanger(content) ? null : ofEntry?.(plain),
    ]);
    const copy = copied ? { entry: named, at: moment.at, sealed: copied } : null;
    const event = { kind: CAPTURE, suite, entry, recordKey, sealed };
    const utcOffset = clock.offset(moment.at);
    const saved = await save(
      vault,
      device,
      { ...event, at: moment.at, utcOffset },
      { unfinished: named, copy },
    );
    return { ...saved, entry, at: moment.at, happened: content.when.at };
  }

  /**
   * What is there so far, sealed like an event of this entry, with what continues it after unlock.
   * @param {import("./content.js").Answers} answers
   * @param {Circumstances} circumstances
   * @returns {Promise<import("../vault/unfinished.js").Unfinished>}
   */
  async sealUnfinished(answers, circumstances) {
    const { device, clock } = this.rooms;
    const moment = this.#moment(circumstances);
    const content = unfinished(answers, moment);
    const plain = await packed(content);
    const { seal, ofUnfinished } = await this.#take();
    this.makeReady();
    const copied = inDanger(content) ? null : ofUnfinished;
    return {
      entry: toText(seal.entry),
      device: device.name,
      at: moment.at,
      utcOffset: clock.offset(moment.at),
      suite: seal.suite,
      recordKey: seal.recordKey,
      sealed: await seal.close(plain),
      copy: copied && (await copied(await pack(JSON.stringify(answers)))),
    };
  }

  /** @param {Circumstances} circumstances @returns {import("./content.js").Moment} */
  #moment(circumstances) {
    const { clock } = this.rooms;
    const { offset } = clock;
    return { at: clock.now(), offset, monotonic: clock.monotonic(), ...circumstances };
  }

  /** One seal seals one message: after a failed save the next try makes its own. */
  async #take() {
    const ready = this.#ready ?? this.#newSeals();
    this.#ready = null;
    try {
      return await ready;
    } catch (error) {
      if (error instanceof NoKeyYet) throw error;
      throw new NotSaved("cannot seal", { cause: error });
    }
  }

  /** @returns {Promise<Ready>} */
  async #newSeals() {
    const { trust, device, vault } = this.rooms;
    const entry = this.#entry;
    if (!trust.keys) throw new NoKeyYet();
    const seal = readySeal(trust.keys.record, device.id, entry);
    // Whatever is wrong with reading back must never stand in the way of logging.
    const copies = this.#newCopies(entry, readBackDays(trust.directory), vault).catch(() => []);
    const [ofEntry = null, ofUnfinished = null] = await copies;
    return { seal: await seal, ofEntry, ofUnfinished };
  }

  /** @param {Uint8Array} entry @param {number} days @param {import("../vault/database.js").Vault} vault */
  async #newCopies(entry, days, vault) {
    const key = days > 0 ? await readingKey(await vault.db()) : null;
    if (!key) return [];
    return Promise.all([readyCopy(key, ENTRY, entry), readyCopy(key, UNFINISHED, entry)]);
  }
}

/** The word for why it is not saved. @param {unknown} error */
export function whyNot(error) {
  if (error instanceof NoKeyYet) return "not-saved.no-key";
  if (error instanceof TooLong) return "not-saved.too-long";
  return "not-saved.why";
}

/** @param {object} content */
async function packed(content) {
  const plain = await pack(JSON.stringify(content)).catch((error) => {
    throw new TooLong("too long", { cause: error });
  });
  if (plain.length + AROUND_THE_PLAIN > MAX_EVENT_BYTES) throw new TooLong("too long");
  return plain;
}

/** Somebody is in danger if this becomes known: then nothing of it can be opened on this phone. @param {object} content */
const inDanger = (content) => "danger" in content && content.danger === true;
