// @ts-check
/**
 * From answers to an entry on this phone: a name for the entry, a seal made ready while the person
 * types, and at *Log it* nothing left to do but close it, sign it and keep it.
 */

import { uuid7 } from "../shell/clock.js";
import { CAPTURE, MAX_EVENT_BYTES } from "../vault/event.js";
import { pack } from "../vault/pack.js";
import { NotSaved, save } from "../vault/save.js";
import { readySeal } from "../vault/seal.js";
import { capture } from "./content.js";

const AROUND_THE_PLAIN = 110 + 64 + 1120 + 16;

/** This page has never met its organisation: there is no key to seal to. */
export class NoKeyYet extends Error {}

/** More was written than one event can hold. */
export class TooLong extends Error {}

/**
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   device: import("../vault/device.js").Device, trust: import("../vault/trust.js").Trust,
 *   clock: import("../shell/clock.js").Clock}} Rooms
 * @typedef {{lastServer: number | null, offline: boolean, app: string, language: "en" | "cy"}} Circumstances
 */

export class Logging {
  #entry;
  /** @type {Promise<import("../vault/seal.js").ReadySeal> | null} */
  #seal = null;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#entry = uuid7(rooms.clock);
  }

  /** A new entry begins. */
  begin() {
    this.#entry = uuid7(this.rooms.clock);
    this.#seal = null;
    this.makeReady();
  }

  /** Do the public-key work now, so that *Log it* need not. */
  async makeReady() {
    if (this.#seal || !this.rooms.trust.keys) return;
    const ready = this.#newSeal();
    this.#seal = ready;
    await ready.catch(() => {
      if (this.#seal === ready) this.#seal = null; // said when it matters: at *Log it*
    });
  }

  /**
   * @param {import("./content.js").Answers} answers
   * @param {Circumstances} circumstances
   */
  async log(answers, circumstances) {
    const { vault, device, clock } = this.rooms;
    const at = clock.now();
    const moment = { at, offset: clock.offset, monotonic: clock.monotonic(), ...circumstances };
    const content = capture(answers, moment);
    const plain = await pack(JSON.stringify(content)).catch((error) => {
      throw new TooLong("too long", { cause: error });
    });
    if (plain.length + AROUND_THE_PLAIN > MAX_EVENT_BYTES) throw new TooLong("too long");
    const { suite, entry, recordKey, close } = await this.#takeSeal();
    const sealed = await close(plain);
    const utcOffset = clock.offset(at);
    const saved = await save(vault, device, {
      kind: CAPTURE,
      suite,
      entry,
      recordKey,
      sealed,
      at,
      utcOffset,
    });
    return { ...saved, at, happened: content.when.at };
  }

  /** One seal seals one message: after a failed save the next try makes its own. */
  async #takeSeal() {
    const ready = this.#seal ?? this.#newSeal();
    this.#seal = null;
    try {
      return await ready;
    } catch (error) {
      if (error instanceof NoKeyYet) throw error;
      throw new NotSaved("cannot seal", { cause: error });
    }
  }

  async #newSeal() {
    const { trust, device } = this.rooms;
    if (!trust.keys) throw new NoKeyYet();
    return readySeal(trust.keys.record, device.id, this.#entry);
  }
}
