// @ts-check
/**
 * Brings what waits to the record by itself, and knows honestly what became of it.
 *
 * Promises: one sender at a time over all tabs for each person; nothing is deleted; a state changes only on a
 * verified answer; whatever else happens is a reason to try again, never to think it was sent.
 */
import { raiseAlarm } from "../vault/alarm.js";
import { toText } from "../vault/bytes.js";
import { AnotherRoot, NotTrusted } from "../vault/trust.js";
import { ForgedAnswer, NotAnAnswer, readAnswer } from "./answer.js";
import { waitMs } from "./backoff.js";
import { Batch } from "./batch.js";
import { ask, DoorProblem } from "./door.js";
import { awaitingIds, lookedAt, soundEvents, stillToName, takeIn } from "./exchange.js";
import { joinFrames, onlyFrame } from "./frames.js";
import { hello } from "./hello.js";
import { noteTold, toTell } from "./lost.js";
import { waitingNumbers } from "./waiting.js";

const MOST_BYTES = 1_000_000;
const ASK_AGAIN_MS = [2_000, 10_000, 60_000];
const IDLE_MS = 15 * 60 * 1000;
const TRUST_FRESH_MS = 60 * 60 * 1000;

/**
 * @typedef {{now: () => number, bytes: (n: number) => Uint8Array<ArrayBuffer>, random: () => number}} Clock
 * @typedef {{vault: import("../vault/database.js").Vault, device: import("../vault/device.js").Device,
 *   trust: import("../vault/trust.js").Trust, clock: Clock, fetcher: typeof fetch,
 *   changed: () => void}} Rooms
 * @typedef {{id: string, bytes: Uint8Array}} Parcelled
 * @typedef {"unknown" | "reached" | "no-signal" | "problem" | "another-root" | "forged" | "store"} Line
 */

export class Outbox {
  /** How the last try went. @type {Line} */
  line = "unknown";
  /** What else is done in a round, once this phone's own entries were sent. @type {((outbox: Outbox) => Promise<void>)[]} */
  errands = [];
  /** @type {Batch<number>} */
  #batch = new Batch();
  #failures = 0;
  #asked = ASK_AGAIN_MS.length;
  #trustAt = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;
  #stopped = false;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
  }

  /** Send now, or as soon as the sender that is under way has finished. @returns {Promise<void>} */
  sync() {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#stopped = false;
    clearTimeout(this.#timer);
    this.#running = this.#alone().finally(() => {
      this.#running = null;
      this.rooms.changed();
      if (this.#again) {
        this.#again = false;
        this.#later(0);
      }
    });
    return this.#running;
  }

  /** Another tab of this phone must not send the same at the same time. */
  async #alone() {
    const locks = globalThis.navigator?.locks;
    if (!locks) return this.#round();
    await locks.request(`${this.rooms.vault.name}-outbox`, { ifAvailable: true }, async (lock) => {
      if (lock) await this.#round();
      else this.#later(ASK_AGAIN_MS[0]);
    });
  }

  async #round() {
    try {
      if (!this.rooms.trust.keys) await this.#freshTrust();
      await this.#sendAll();
      for (const errand of this.errands) await errand(this);
      if (this.rooms.clock.now() - this.#trustAt > TRUST_FRESH_MS) await this.#freshTrust();
      if (this.#batch.problem) throw this.#batch.problem;
      this.#failures = 0;
      this.line = "reached";
      await this.#askAgain();
    } catch (error) {
      this.#afterFailure(error);
      await this.#alarm(error);
    }
  }

  async #sendAll() {
    const { vault, clock, changed } = this.rooms;
    this.#batch.begin(this.#failures === 0);
    let answered = false;
    for (;;) {
      const db = await vault.db();
      const numbers = await waitingNumbers(db);
      const next = this.#batch.next(numbers, Boolean(await db.get("trust", "enrolled")));
      // One that the door cannot take keeps nobody from being told, and no other from being named.
      const done = answered && !(await db.get("trust", "contact")).offer;
      if (next.length === 0 && this.#batch.problem && done) return;
      const rows = this.#fitting(await soundEvents(db, next, clock.now()));
      const names = rows.map((row) => row.n);
      const answer = await this.#exchange(db, rows, numbers.length, (problem) =>
        this.#batch.worthGoingOn(problem, names),
      );
      if (!answer) continue; // fewer, or others
      answered = true;
      await this.#noteEnrolment(db, rows.length, answer.notEnrolled);
      if (answer.outcomes.some((outcome) => outcome.state === "received")) this.#asked = 0;
      changed();
      const { offer } = await db.get("trust", "contact");
      if (answer.notEnrolled) return;
      if (numbers.length === rows.length && answer.missing.length === 0 && !offer) return;
      this.#batch.taken();
    }
  }

  /**
   * Carry events that are not this phone's own; null when the door may take fewer, or others.
   * @param {Parcelled[]} rows
   * @param {Batch<string>} batch
   */
  async carry(rows, batch) {
    const db = await this.rooms.vault.db();
    const unsent = (await waitingNumbers(db)).length;
    const fitting = this.#fitting(rows);
    const names = fitting.map((row) => row.id);
    // The outcomes are of events that are not among this phone's own; the rest of it counts.
    return this.#exchange(db, fitting, unsent, (problem) => batch.worthGoingOn(problem, names));
  }

  /**
   * One question, and its answer written down; null when the door may take fewer, or others.
   * @param {import("../vault/database.js").Database} db
   * @param {Parcelled[]} rows
   * @param {number} unsent
   * @param {(problem: DoorProblem | null) => boolean} goOn whether it is worth it with fewer or others
   */
  async #exchange(db, rows, unsent, goOn) {
    const { vault, device, clock, fetcher } = this.rooms;
    const contact = await db.get("trust", "contact");
    const at = clock.now();
    const named = await stillToName(db, contact, at);
    const nonce = clock.bytes(16);
    const first = await hello(device, {
      nonce,
      time: at,
      unsent,
      seen: contact?.seen ?? null,
      awaiting: await awaitingIds(db),
      holds: named.ids,
      lost: toTell(vault.name, device.name, named.from !== 0),
    });
    const body = joinFrames([first, ...rows.map((row) => row.bytes)]);
    const asked = clock.now();
    let answer;
    try {
      answer = await this.#read(await ask(fetcher, "/sync/events", body), nonce, rows);
    } catch (error) {
      const problem = error instanceof DoorProblem ? error : null;
      if (!goOn(problem)) throw error;
      return null;
    }
    await takeIn(db, answer, clock.now(), { at: asked, named });
    noteTold(vault.name, device.name, answer.noted);
    return { ...answer, notEnrolled: answer.notEnrolled || !lookedAt(answer, named) };
  }

  /** @param {Uint8Array} raw @param {Uint8Array} nonce @param {Parcelled[]} rows */
  async #read(raw, nonce, rows) {
    const sent = rows.map((row) => row.id);
    const { trust } = this.rooms;
    const keys = () => /** @type {import("../vault/trust.js").Keys} */ (trust.keys);
    try {
      return await readAnswer(raw, { nonce, sent, keys: keys() });
    } catch (error) {
      if (!(error instanceof NotAnAnswer)) throw error;
      // The door's key may have changed while this phone was away; the root says so or not.
      await this.#freshTrust();
      return readAnswer(raw, { nonce, sent, keys: keys() });
    }
  }

  async #freshTrust() {
    const { trust, fetcher, clock, changed } = this.rooms;
    await trust.acceptKeys(onlyFrame(await ask(fetcher, "/sync/keys")));
    await trust.acceptDirectory(onlyFrame(await ask(fetcher, "/sync/directory")));
    this.#trustAt = clock.now();
    changed();
  }

  /** @template {Parcelled} T @param {T[]} rows @returns {T[]} */
  #fitting(rows) {
    let room = MOST_BYTES;
    return rows.filter((row, i) => {
      room -= row.bytes.length + 4;
      return i === 0 || room >= 0;
    });
  }

  /** @param {import("../vault/database.js").Database} db @param {number} sent @param {boolean} notEnrolled */
  async #noteEnrolment(db, sent, notEnrolled) {
    const known = Boolean(await db.get("trust", "enrolled"));
    if (notEnrolled && known) await db.delete("trust", "enrolled");
    // The answer to an enrolment can be lost on the way: then a receipt is the first word of it.
    if (sent > 0 && !notEnrolled && !known)
      await db.put("trust", { at: this.rooms.clock.now() }, "enrolled");
  }

  async #askAgain() {
    const db = await this.rooms.vault.db();
    const open = (await awaitingIds(db)).length > 0;
    if (!open || this.#asked >= ASK_AGAIN_MS.length) return this.#later(IDLE_MS);
    // A step is taken when its time has come: a round that somebody asked for takes none.
    this.#later(ASK_AGAIN_MS[this.#asked], () => {
      this.#asked += 1;
    });
  }

  /** @param {unknown} error */
  #afterFailure(error) {
    this.#failures += 1;
    const problem = error instanceof DoorProblem ? error : null;
    if (problem) this.line = "problem";
    else if (error instanceof AnotherRoot) this.line = "another-root";
    else if (error instanceof ForgedAnswer) this.line = "forged";
    else if (error instanceof NotTrusted) this.line = "problem";
    else if (error instanceof DOMException)
      this.line = "store"; // of the requests' own none get here
    else this.line = "no-signal";
    const retryAfter = problem?.retryAfter ?? 0;
    this.#later(waitMs(this.#failures, this.rooms.clock.random, retryAfter));
  }

  /** Somebody in the organisation's place: a person should know. @param {unknown} error */
  async #alarm(error) {
    const { vault, clock } = this.rooms;
    const cause = error instanceof AnotherRoot ? "root" : null;
    const forged = error instanceof ForgedAnswer ? error.what : cause;
    // Where it cannot be kept, the line still says it, and the next try raises it again.
    if (forged) await raiseAlarm(await vault.db(), forged, clock.now()).catch(() => {});
  }

  /** @param {number} ms @param {() => void} [first] */
  #later(ms, first = () => {}) {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      first();
      this.sync();
    }, ms);
  }

  /** No more tries until asked; settled when the one under way is over, which uses the store. */
  async stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#again = false;
    await this.#running;
  }

  /** The bytes of this phone's name that a person may read out. */
  get shortName() {
    return toText(this.rooms.device.id).slice(0, 8);
  }
}
