// @ts-check
/**
 * The rest of *This phone*: what is true about it, what it can be asked to do, and what it has to
 * say of itself. Loaded behind the form; nobody waits for it to log.
 */

import { stateHere } from "../capture/entries.js";
import { alone, sendAsItIs } from "../capture/left.js";
import { Cargo } from "../outbox/carried.js";
import { prune } from "../outbox/pruning.js";
import { byId } from "../shell/find.js";
import { bringRooms } from "../shell/rooms.js";
import { shown } from "../shell/screens.js";
import { counted, dayAndTime, word } from "../shell/words.js";
import { readAlarm, unreadAlarm } from "../vault/alarm.js";
import { forgetVanished, vanished } from "../vault/canary.js";
import { leftUnfinished } from "../vault/unfinished.js";
import { WaitingFile } from "./file.js";
import { ThisPhone } from "./joining.js";
import { dropReadable, forgetLeaving, hasLeft, leave } from "./leaving.js";
import { showNotices } from "./notices.js";
import { clockWords, look, risks } from "./standing.js";

const PRUNE_EVERY_MS = 6 * 60 * 60 * 1000;
const OPEN_ENTRY = "sharelog-open-entry";
const STATES = ["received", "in-record", "needs-look", "parked", "disposed"];

/**
 * @typedef {import("../outbox/waiting.js").Contact} Contact
 * @typedef {import("../outbox/send.js").Rooms & {outbox: import("../outbox/send.js").Outbox,
 *   clock: import("../shell/clock.js").Clock}} Rooms
 */

/** @param {Rooms} rooms */
export async function openTheRest(rooms) {
  await bringRooms();
  return new TheRest(rooms);
}

export class TheRest {
  #prunedAt = 0;
  #leaving = false;
  /** @type {Promise<void> | null} */
  #showing = null;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.cargo = new Cargo(rooms.vault.inMemory);
    const meet = () => rooms.outbox.sync();
    this.joining = new ThisPhone({ ...rooms, meet }, meet);
    this.file = new WaitingFile(rooms, this.cargo, () => this.show());
    this.news = new BroadcastChannel("sharelog");
    this.news.addEventListener("message", ({ data }) => {
      if (data === "left") location.reload();
    });
    rooms.outbox.errands.push(
      () => this.#prune(),
      () => this.#deliver(),
    );
    byId("vanished-read").addEventListener("click", () => {
      forgetVanished();
      this.show();
    });
    byId("alarm-read").addEventListener("click", async () => {
      await readAlarm(await this.rooms.vault.db(), rooms.clock.now());
      rooms.changed();
    });
    byId("taken-off-read").addEventListener("click", () => {
      forgetLeaving();
      this.show();
    });
  }

  /** A link that brought the person here. @param {string} text */
  takeLink(text) {
    return this.joining.takeLink(text);
  }

  /**
   * Show what is true now; asked again while it looks, it looks once more.
   * @param {import("./joining.js").Facts} [facts] where they may have changed
   */
  async show(facts) {
    if (facts) this.joining.show(facts);
    const again = this.#showing?.then(() => this.#show()) ?? this.#show();
    this.#showing = again.finally(() => {
      this.#showing = null;
    });
    return again;
  }

  async #show() {
    const db = await this.rooms.vault.db();
    const [contact, revoked] = await Promise.all([
      db.get("trust", "contact"),
      db.get("trust", "revoked"),
    ]);
    this.#showBanners(Boolean(revoked));
    this.#showAlarm(await unreadAlarm(db));
    showNotices(revoked ? [] : (contact?.notices ?? []));
    if (shown() === "phone") await this.#showFacts(db, contact);
    if (revoked) await this.#leave(db);
  }

  /** @param {import("../vault/database.js").Database} db @param {Contact | undefined} contact */
  async #showFacts(db, contact) {
    const [events, states] = await Promise.all([db.count("events"), this.#counts(db)]);
    const answered = STATES.reduce((sum, state) => sum + states[state], 0);
    this.#showCounts({ waiting: Math.max(0, events - answered), ...states });
    this.#showClock(contact);
    await this.#showStanding();
    await this.file.show();
  }

  /** @param {import("../vault/database.js").Database} db */
  async #counts(db) {
    const index = db.transaction("states").store.index("state");
    const counts = await Promise.all(STATES.map((state) => index.count(state)));
    /** @type {Record<string, number>} */
    const found = {};
    for (const [i, state] of STATES.entries()) found[state] = counts[i];
    return found;
  }

  /** @param {Record<string, number>} counts */
  #showCounts(counts) {
    const organisation = this.#organisation();
    const lines = Object.entries(counts).filter(([, count]) => count > 0);
    byId("fact-states").replaceChildren(
      ...lines.map(([state, n]) => {
        const item = document.createElement("li");
        const count = document.createElement("strong");
        count.textContent = String(n);
        const here = stateHere(/** @type {any} */ (state), this.rooms.vault.inMemory);
        item.append(count, ` ${word(here, { organisation })}`);
        return item;
      }),
    );
    byId("fact-states-row").hidden = lines.length === 0;
  }

  /** @param {Contact | undefined} contact */
  #showClock(contact) {
    const { key, n } = clockWords(contact?.clock);
    byId("fact-clock").textContent = n ? counted(key, n) : word(key);
  }

  async #showStanding() {
    const { device, vault } = this.rooms;
    const seen = await look(device.kept);
    const found = risks({ ...seen, pageOnly: vault.inMemory });
    byId("fact-safe").textContent = word(found.length ? "safe.no" : "safe.yes");
    byId("fact-risks").replaceChildren(
      ...found.map((risk) => {
        const item = document.createElement("li");
        item.textContent = word(`risk.${risk}`);
        return item;
      }),
    );
    byId("fact-opened").textContent = word(seen.installed ? "opened.app" : "opened.tab");
    for (const part of document.querySelectorAll("[data-platform]")) {
      const mine = part.getAttribute("data-platform") === seen.platform;
      /** @type {HTMLElement} */ (part).hidden = !mine;
    }
    byId("install").hidden = seen.installed;
  }

  /** @param {boolean} revoked */
  #showBanners(revoked) {
    const gone = vanished();
    byId("vanished").hidden = !gone;
    if (gone) {
      byId("vanished-what").textContent = counted("vanished", gone.entries);
      byId("vanished-then").textContent = gone.waiting
        ? counted("vanished.waiting", gone.waiting)
        : word("vanished.received");
    }
    const left = hasLeft();
    byId("taken-off").hidden = !left;
    if (left) {
      const time = dayAndTime(left.at, this.rooms.clock.now());
      byId("taken-off-what").textContent = word("taken-off", {
        organisation: left.organisation,
        time,
      });
    }
    byId("revoked").hidden = !revoked;
  }

  /** @param {import("../vault/alarm.js").Alarm | null} alarm */
  #showAlarm(alarm) {
    const section = byId("alarm");
    if (alarm) {
      const organisation = this.#organisation();
      const time = dayAndTime(alarm.at, this.rooms.clock.now());
      const { cause } = alarm;
      byId("alarm-what").textContent = word(`alarm.${cause}`, { organisation, time });
      byId("alarm-then").textContent = word(`alarm.${cause}.then`, { organisation });
    }
    section.hidden = !alarm;
  }

  #organisation() {
    const { keys, directory } = this.rooms.trust;
    return directory?.organisation ?? keys?.organisation ?? "";
  }

  /** A phone of nobody carries nothing: first it must be known itself. */
  async #deliver() {
    const db = await this.rooms.vault.db();
    if (!(await db.get("trust", "enrolled"))) return;
    const { waiting, "unknown-phone": unknown } = await this.cargo.counts();
    if (waiting + unknown === 0) return;
    const { outbox, clock, changed } = this.rooms;
    await this.cargo
      .deliver((rows, batch) => outbox.carry(rows, batch), clock.now())
      .finally(changed);
  }

  async #prune() {
    const now = this.rooms.clock.now();
    if (Math.abs(now - this.#prunedAt) < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    await prune(await this.rooms.vault.db());
  }

  /**
   * Not trusted any more: what can be read goes at once, the rest when nothing waits and nobody is
   * in the middle of an entry.
   * @param {import("../vault/database.js").Database} db
   */
  async #leave(db) {
    if (this.#leaving) return;
    this.#leaving = true;
    try {
      await dropReadable(db);
      const { vault, device, clock } = this.rooms;
      // What somebody began and did not log is not theirs to finish here any more: it goes as it is.
      const unfinished = await leftUnfinished(db, device.name);
      for (const { entry } of unfinished) {
        await alone(this.rooms, entry, (row) => sendAsItIs(this.rooms, row));
      }
      if (unfinished.length > 0) return void this.rooms.outbox.sync();
      const organisation = this.#organisation();
      const keep = (/** @type {Uint8Array[]} */ rows) =>
        this.cargo.load(rows, clock.now(), async () => false);
      const left = await navigator.locks.request(OPEN_ENTRY, { ifAvailable: true }, (lock) =>
        lock ? leave(vault, { organisation, at: clock.now(), keep }) : false,
      );
      if (!left) return;
      this.rooms.outbox.stop();
      this.news.postMessage("left");
      location.reload();
    } finally {
      this.#leaving = false;
    }
  }
}
