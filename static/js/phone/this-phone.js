// @ts-check
/**
 * The rest of *This phone*: what is true about it, what it can be asked to do, and what it has to
 * say of itself. Loaded behind the form; nobody waits for it to log.
 */

import { stateHere } from "../capture/entries.js";
import { Cargo } from "../outbox/carried.js";
import { pruning } from "../outbox/pruning.js";
import { believeAgain, lookAfterSpares } from "../outbox/spares.js";
import { byId } from "../shell/find.js";
import { onceMore } from "../shell/news.js";
import { bringRooms } from "../shell/rooms.js";
import { shown } from "../shell/screens.js";
import { counted, dayAndTime, word } from "../shell/words.js";
import { readAlarm, unreadAlarm } from "../vault/alarm.js";
import { PEOPLE, whoIsHere } from "../vault/people.js";
import { forgetVanished, vanished } from "../vault/vanished.js";
import { WaitingFile } from "./file.js";
import { ThisPhone } from "./joining.js";
import { forgetLeaving, goOnLeaving, hasLeft, noteLeaving } from "./leaving.js";
import { showNotices } from "./notices.js";
import { Others } from "./others.js";
import { findLost, forget } from "./roster.js";
import { Sharing } from "./sharing.js";
import { clockWords, look, risks } from "./standing.js";
import { start } from "./switching.js";

const STATES = ["received", "in-record", "needs-look", "parked", "disposed"];

/**
 * @typedef {import("../outbox/waiting.js").Contact} Contact
 * @typedef {import("../shell/behind.js").Rooms & import("./leaving.js").Rooms} Rooms
 */

/** @param {Rooms} rooms */
export async function openTheRest(rooms) {
  await bringRooms();
  if (await findLost().catch(() => false)) rooms.switch.show();
  if (!rooms.trust.keys) await believeAgain(rooms.trust).catch(() => {}); // then the door is asked
  const rest = new TheRest(rooms);
  rest.lookAfterSpares().then(rooms.changed);
  return rest;
}

export class TheRest {
  /** What waits here, of whoever is logging. */
  #waiting = 0;
  #leaving = false;
  #again = onceMore(() => this.#show());

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.cargo = new Cargo(rooms.vault.inMemory);
    const meet = () => rooms.outbox.sync();
    this.joining = new ThisPhone({ ...rooms, meet }, meet);
    this.others = new Others(rooms, this.cargo, () => this.#peopleChanged());
    this.sharing = new Sharing(rooms, this.others, () => this.#peopleChanged());
    this.file = new WaitingFile(rooms, this.cargo, this.others, () => this.show());
    this.news = new BroadcastChannel("sharelog");
    this.news.addEventListener("message", ({ data }) => {
      if (data === "left") location.reload();
    });
    // Not by the channel: its news can be here before the list itself is.
    addEventListener("storage", ({ key }) => {
      if (key !== PEOPLE) return;
      rooms.switch.show();
      this.#follow();
      this.show();
    });
    // Told before it could hear: a tab that was only just opened, or slept.
    this.#follow();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && shown() === "log") this.#follow();
    });
    rooms.outbox.errands.push(
      pruning(rooms),
      () => this.lookAfterSpares(),
      () => this.#deliver(),
    );
    byId("vanished-read").addEventListener("click", () => {
      forgetVanished(rooms.vault.name);
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

  /** At the start and in every round; where there is no room for a second copy, there is one. */
  async lookAfterSpares() {
    await lookAfterSpares(this.rooms, this.cargo).catch(() => {});
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
    if (facts) {
      this.joining.show(facts);
      this.#waiting = facts.waiting;
    }
    return this.#again();
  }

  async #show() {
    const db = await this.rooms.vault.db();
    const [contact, revoked] = await Promise.all([
      db.get("trust", "contact"),
      db.get("trust", "revoked"),
    ]);
    this.#showBanners(Boolean(revoked));
    this.#showAlarm(await unreadAlarm(db));
    const others = await this.others.look();
    showNotices(revoked ? [] : (contact?.notices ?? []), others);
    this.sharing.show(others, this.#waiting);
    if (shown() === "phone") await this.#showFacts(db, contact);
    if (revoked) await this.#leave();
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
    const gone = vanished(this.rooms.vault.name);
    byId("vanished").hidden = !gone;
    if (gone) {
      byId("vanished-what").textContent = counted("vanished", gone.entries);
      const then = [
        ...(gone.again ? [counted("vanished.again", gone.again)] : []),
        ...(gone.waiting ? [counted("vanished.waiting", gone.waiting)] : []),
      ];
      byId("vanished-then").textContent = then.join(" ") || word("vanished.received");
    }
    const left = hasLeft();
    byId("taken-off").hidden = !left;
    if (left) {
      const time = dayAndTime(left.at, this.rooms.clock.now());
      const { organisation, name = "" } = left;
      const key = name ? "taken-off.person" : "taken-off";
      byId("taken-off-what").textContent = word(key, { organisation, name, time });
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

  /** Somebody came, or has left. */
  #peopleChanged() {
    this.rooms.switch.show();
    this.rooms.changed();
  }

  /** In another tab somebody else took this phone: what is not in the middle of an entry follows. */
  async #follow() {
    if (whoIsHere().here === this.rooms.vault.name) return;
    if ((await this.rooms.keeping.handOver()) && shown() !== "fix") location.reload();
  }

  /** Not trusted any more. */
  async #leave() {
    if (this.#leaving) return;
    this.#leaving = true;
    try {
      if (!(await goOnLeaving(this.rooms, this.cargo))) return;
      const { vault, clock } = this.rooms;
      const organisation = this.#organisation();
      const name = whoIsHere().people.find(({ store }) => store === vault.name)?.name;
      noteLeaving({ organisation, at: clock.now(), name });
      if (name === undefined) {
        this.news.postMessage("left");
        return location.reload();
      }
      await forget(vault);
      start(whoIsHere().here);
    } finally {
      this.#leaving = false;
    }
  }
}
