// @ts-check
/**
 * What comes behind the form: the outbox and the rooms. The form waits for none of it, so that
 * whoever comes to log on a slow link loads nothing else first.
 */
import { ask } from "../outbox/door.js";
import { onlyFrame } from "../outbox/frames.js";

/**
 * @typedef {import("../outbox/send.js").Rooms & {clock: import("./clock.js").Clock,
 *   keeping: import("./keeping.js").Keeping, switch: import("./switch.js").Switch}} Rooms
 * @typedef {import("../outbox/send.js").Outbox} Outbox
 * @typedef {import("../phone/this-phone.js").TheRest} TheRest
 */

export class Behind {
  /** The rooms, once they are here. @type {TheRest | null} */
  rest = null;
  /** @type {Outbox | null} */
  #outbox = null;
  /** @type {Promise<Outbox> | null} */
  #sending = null;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    /** Until everything is here; on a first visit without signal it comes with the next start. */
    this.here = this.#come();
    this.here.catch(() => {});
  }

  /** How the last try to reach the door went. */
  get line() {
    return this.#outbox?.line ?? "unknown";
  }

  /** Send now. */
  async sync() {
    const outbox = await this.#outboxHere().catch(() => null);
    this.rest?.others.sync();
    await outbox?.sync();
  }

  /** On a first visit: the keys before anything else, because nothing can be logged without them. */
  async firstKeys() {
    const { trust, fetcher, changed } = this.rooms;
    if (trust.keys) return;
    await trust.acceptKeys(onlyFrame(await ask(fetcher, "/sync/keys")));
    changed();
  }

  #outboxHere() {
    this.#sending ??= import("../outbox/send.js").then(
      ({ Outbox }) => {
        this.#outbox = new Outbox(this.rooms);
        return this.#outbox;
      },
      (error) => {
        this.#sending = null;
        throw error;
      },
    );
    return this.#sending;
  }

  async #come() {
    const outbox = await this.#outboxHere();
    const { openTheRest } = await import("../phone/this-phone.js");
    this.rest = await openTheRest({ ...this.rooms, outbox });
    this.rooms.changed();
  }
}
