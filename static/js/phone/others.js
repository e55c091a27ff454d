// @ts-check
/**
 * The others who share this phone: what they logged goes out as theirs, whoever is logging now.
 *
 * Promises: each has their own hello, their own answers and their own figures; nothing of theirs is
 * opened; whoever leaves is gone when nothing of theirs waits, and not before.
 */
import { pruning } from "../outbox/pruning.js";
import { Outbox } from "../outbox/send.js";
import { lookAfterSpares } from "../outbox/spares.js";
import { waitingNumbers } from "../outbox/waiting.js";
import { checkCanary, noteCanary } from "../vault/canary.js";
import { Vault } from "../vault/database.js";
import { openDevice } from "../vault/device.js";
import { whoIsHere } from "../vault/people.js";
import { Trust } from "../vault/trust.js";
import { leftUnfinished } from "../vault/unfinished.js";
import { goOnLeaving, noteLeaving } from "./leaving.js";
import { forget } from "./roster.js";

/**
 * @typedef {import("../vault/people.js").Person} Person
 * @typedef {import("./leaving.js").Rooms} Rooms
 * @typedef {Person & {enrolled: boolean, waiting: number, unfinished: number,
 *   notices: import("../outbox/answer.js").Notice[]}} Standing
 */

export class Others {
  /** How many entries of all of them have no receipt. */
  waiting = 0;
  /** @type {Map<string, Promise<Rooms>>} */
  #open = new Map();
  /** Who is being taken off right now. @type {Map<string, Promise<void>>} */
  #leaving = new Map();

  /**
   * @param {Rooms} here whoever is logging on this page
   * @param {import("../outbox/carried.js").Cargo} cargo
   * @param {() => void} gone somebody has left
   */
  constructor(here, cargo, gone) {
    this.here = here;
    this.cargo = cargo;
    this.gone = gone;
  }

  /** Send what waits of each. */
  sync() {
    for (const person of this.#people()) {
      // A store that cannot be opened keeps nobody else's entries here.
      this.#rooms(person).then(
        ({ outbox }) => outbox.sync(),
        () => {},
      );
    }
  }

  /** How it stands with each of them. @returns {Promise<Standing[]>} */
  async look() {
    const people = this.#people();
    this.#letGo(people);
    const found = [];
    for (const person of people) {
      const rooms = await this.#rooms(person).catch(() => null);
      if (rooms) found.push(await this.#standing(person, rooms));
    }
    this.waiting = found.reduce((sum, { waiting }) => sum + waiting, 0);
    return found;
  }

  /** Their stores, as far as they can be opened. */
  async vaults() {
    const rooms = this.#people().map((person) => this.#rooms(person).catch(() => null));
    return (await Promise.all(rooms)).flatMap((one) => (one ? [one.vault] : []));
  }

  /** No more tries; settled when nothing of theirs is under way any more. */
  async stop() {
    await Promise.allSettled([...this.#letGo([]), ...this.#leaving.values()]);
  }

  #people() {
    return whoIsHere().people.filter(({ store }) => store !== this.here.vault.name);
  }

  /** @param {Person[]} people who is still on the list */
  #letGo(people) {
    const gone = [...this.#open].filter(([store]) => !people.some((one) => one.store === store));
    return gone.map(async ([store, rooms]) => {
      this.#open.delete(store);
      // A store that could not be opened has nothing to let go of.
      const opened = await rooms.catch(() => null);
      await opened?.outbox.stop();
      await opened?.vault.close();
    });
  }

  /** @param {Person} person @returns {Promise<Rooms>} */
  #rooms({ store }) {
    const known = this.#open.get(store);
    if (known) return known;
    const rooms = this.#openRooms(store).catch((error) => {
      this.#open.delete(store);
      throw error;
    });
    this.#open.set(store, rooms);
    return rooms;
  }

  /** @param {string} store @returns {Promise<Rooms>} */
  async #openRooms(store) {
    const { clock, fetcher } = this.here;
    const vault = new Vault(store);
    const device = await openDevice(vault);
    const trust = new Trust(vault);
    await trust.recall().catch(() => {}); // read again from the door at the next contact
    await checkCanary(await vault.db(), device.name, clock.now()).catch(() => {});
    const changed = async () => {
      await noteCanary(await vault.db(), device.name).catch(() => {});
      this.here.changed();
    };
    const rooms = { vault, device, trust, clock, fetcher, changed };
    const outbox = new Outbox(rooms);
    outbox.errands.push(pruning(rooms), async () => {
      await lookAfterSpares(rooms, this.cargo).catch(() => {}); // then there is one copy
    });
    outbox.sync();
    return { ...rooms, outbox };
  }

  /** @param {Person} person @param {Rooms} rooms @returns {Promise<Standing>} */
  async #standing(person, rooms) {
    const db = await rooms.vault.db();
    const [waiting, unfinished, contact, enrolled, revoked] = await Promise.all([
      waitingNumbers(db),
      leftUnfinished(db, rooms.device.name),
      db.get("trust", "contact"),
      db.get("trust", "enrolled"),
      db.get("trust", "revoked"),
    ]);
    if (revoked || person.leaving) {
      // Another tab may be faster, and take the store away; what is left to do is seen at the next look.
      this.#leaveOnce(person, rooms, Boolean(revoked)).catch(() => {});
    }
    return {
      ...person,
      leaving: Boolean(revoked) || person.leaving,
      enrolled: Boolean(enrolled),
      waiting: waiting.length,
      unfinished: unfinished.length,
      notices: revoked ? [] : (contact?.notices ?? []),
    };
  }

  /** Nobody waits for it. @param {Person} person @param {Rooms} rooms @param {boolean} revoked */
  async #leaveOnce(person, rooms, revoked) {
    if (this.#leaving.has(person.store)) return;
    const going = this.#leave(person, rooms, revoked);
    this.#leaving.set(person.store, going);
    await going.finally(() => this.#leaving.delete(person.store));
  }

  /** @param {Person} person @param {Rooms} rooms @param {boolean} revoked */
  async #leave({ name }, rooms, revoked) {
    if (!(await goOnLeaving(rooms, this.cargo))) return;
    const { trust, clock } = rooms;
    const organisation = trust.directory?.organisation ?? trust.keys?.organisation ?? "";
    if (revoked) noteLeaving({ organisation, at: clock.now(), name });
    await forget(rooms.vault);
    this.gone();
  }
}
