// @ts-check
/** Puts the rooms of the phone together. Nothing here waits for the network. */
import { Afterwards } from "../capture/afterwards.js";
import { MOST_SHOWN, showEntries } from "../capture/entries.js";
import { CaptureForm } from "../capture/form.js";
import { Logging, whyNot } from "../capture/logging.js";
import { HelpDoor } from "../help/door.js";
import { held } from "../outbox/waiting.js";
import { checkCanary, noteCanary } from "../vault/canary.js";
import { Vault } from "../vault/database.js";
import { openDevice } from "../vault/device.js";
import { whoIsHere } from "../vault/people.js";
import { listenForPutAway } from "../vault/put-away.js";
import { NotSaved } from "../vault/save.js";
import { needsFallback } from "../vault/seal.js";
import { Trust } from "../vault/trust.js";
import { awayByUs } from "./away.js";
import { Behind } from "./behind.js";
import { clock } from "./clock.js";
import { byId } from "./find.js";
import { Keeping } from "./keeping.js";
import { broughtAlong, listenForLanguage } from "./language.js";
import { News } from "./news.js";
import { leaveDoubtful, openOrDoWithout, writeFailed } from "./page-only.js";
import { showCannotKeep, showPill } from "./pill.js";
import { listenForBack, show, shown } from "./screens.js";
import { announceSaved, clearStatus, clearWarning, warn } from "./status.js";
import { Switch } from "./switch.js";
import { dayAndTime, language, word } from "./words.js";
import { holdUpdates, register } from "./worker.js";

const HOUR_MS = 3_600_000;
const DOCUMENT_WITHIN_HOURS = 24;

class App {
  vault = new Vault(whoIsHere().here);
  trust = new Trust(this.vault);
  news = new News(() => this.#refresh());
  /** @type {Logging | null} */
  logging = null;
  /** @type {Behind | null} */
  behind = null;
  #saving = false;
  #untidy = false;

  constructor() {
    this.form = new CaptureForm(clock, (empty) => {
      holdUpdates(!empty);
      this.logging?.makeReady();
      this.keeping.touched();
    });
    this.keeping = new Keeping({
      form: this.form,
      circumstances: () => this.circumstances(),
      opened: () => this.opened,
      afterwards: () => this.afterwards,
      changed: () => this.changed(),
      send: () => this.behind?.sync(),
    });
    this.switch = new Switch(this.vault.name, this.keeping);
    this.vault.standsInTheWay = (blocked) => {
      byId("in-the-way").hidden = !blocked;
    };
    this.form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.logIt();
    });
    byId("another").addEventListener("click", () => this.logAnother());
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("[data-send]")) this.behind?.sync();
    });
    byId("pill").addEventListener("click", () => this.showPhone());
    byId("add-here").addEventListener("click", () => this.showPhone());
    listenForBack();
    listenForPutAway(() => this.behind?.sync());
    this.afterwards = new Afterwards({
      form: this.form,
      rooms: () => this.opened.then(() => /** @type {Logging} */ (this.logging).rooms),
      circumstances: () => this.circumstances(),
      tidyUp: () => this.tidyUp(),
      touched: () => this.keeping.touched(),
      changed: () => this.changed(),
      saved: () => {
        this.changed();
        this.behind?.sync();
      },
    });
    listenForLanguage(
      () => this.form.empty,
      () => this.keeping.pack(),
    );
    const brought = broughtAlong().catch(() => null); // then it stands among the unfinished
    this.help = new HelpDoor(async () => {
      await this.opened;
      return {
        .../** @type {Logging} */ (this.logging).rooms,
        form: this.form,
        circumstances: () => this.circumstances(),
        changed: () => this.showAndSend(),
        away: awayByUs,
      };
    });
    // Whoever comes to log has the form at once; the store opens behind it.
    this.opened = this.open();
    this.opened
      .then(async () => this.keeping.unpack(await brought))
      .then(() => this.firstContact())
      .catch(() => showCannotKeep())
      .finally(() => register(needsFallback));
  }

  async open() {
    await openOrDoWithout(this.vault);
    const device = await openDevice(this.vault);
    const { inMemory } = this.vault;
    await this.trust.recall().catch(() => {}); // read again from the door at the next contact
    if (inMemory) device.kept = false;
    else await checkCanary(await this.vault.db(), device.name, clock.now()).catch(() => {});
    const rooms = {
      vault: this.vault,
      device,
      trust: this.trust,
      clock,
      fetcher: fetch.bind(globalThis),
      changed: () => this.changed(),
    };
    const logging = new Logging(rooms);
    this.logging = logging;
    this.behind = new Behind({ ...rooms, keeping: this.keeping, switch: this.switch });
    this.news.listen();
    if (this.trust.directory) this.form.offer(this.trust.directory);
    this.logging.makeReady();
    await this.keeping.open({ ...rooms, logging });
    await this.news.show();
  }

  async firstContact() {
    this.takeLink();
    this.help.comeBack();
    addEventListener("online", () => this.behind?.sync());
    addEventListener("offline", () => this.news.show());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.behind?.sync();
    });
    // First the keys, then a seal: only then it is known what this browser needs offline.
    await this.behind?.firstKeys().catch(() => {}); // the outbox asks again
    this.behind?.sync();
    await this.logging?.makeReady();
    this.keeping.touched();
  }

  changed() {
    this.news.changed();
  }

  async logIt() {
    if (this.#saving) return;
    const answers = this.form.read();
    clearWarning();
    if (!this.form.complete(answers)) return;
    if (!byId("in-the-way").hidden) return warn(word("not-saved"), word("not-saved.in-the-way"));
    this.#saving = true;
    try {
      await this.opened;
      await leaveDoubtful(this.vault);
      this.keeping.stop();
      const logging = /** @type {Logging} */ (this.logging);
      const saved = await logging.log(answers, this.circumstances());
      this.afterwards.remember(saved, answers);
      this.afterSaving(saved.happened);
      this.help.settle(answers).catch(() => {}); // it stays on top: told twice is better than never
    } catch (error) {
      this.keeping.resume();
      // One answer to every failure: it is not saved, and what was typed stays where it is.
      warn(word("not-saved"), word(whyNot(error)));
      if (error instanceof NotSaved) writeFailed(this.vault, error);
    } finally {
      this.#saving = false;
    }
  }

  /** @param {number} happened */
  afterSaving(happened) {
    const hours = this.trust.directory?.document_within_hours ?? DOCUMENT_WITHIN_HOURS;
    const until = happened + hours * HOUR_MS;
    byId("until").textContent = word(until <= clock.now() ? "saved.finish" : "saved.until", {
      time: dayAndTime(until, clock.now()),
    });
    // All changes before the first question that makes the browser lay the page out.
    const heading = announceSaved(word(this.vault.inMemory ? "saved.page-only" : "saved"));
    show("saved");
    heading.focus({ preventScroll: true });
    // The word first; everything else can wait until it has been seen.
    this.#untidy = true;
    setTimeout(() => this.tidyUp(), 0);
  }

  tidyUp() {
    // Whoever is very fast comes here before the timer: what they type next must stay.
    if (!this.#untidy) return;
    this.#untidy = false;
    this.form.clear();
    holdUpdates(false);
    navigator.vibrate?.(40);
    navigator.storage?.persist?.();
    this.logging?.begin();
    this.keeping.letGo();
    this.showAndSend();
  }

  showAndSend() {
    this.changed();
    this.behind?.sync();
  }

  logAnother() {
    this.tidyUp();
    clearStatus();
    show("log");
    byId("told").focus({ preventScroll: true });
  }

  async showPhone() {
    await this.opened.then(() => this.behind?.here).catch(() => {});
    const rest = this.behind?.rest;
    if (shown() === "phone" || !rest) return; // a screen that is not here yet cannot be shown
    clearWarning();
    if (shown() === "saved") clearStatus();
    show("phone");
    byId("phone-heading").focus();
    rest.show();
  }

  /** A scanned or tapped enrolment link: its code must not stay in the address. */
  takeLink() {
    const { hash } = location;
    if (!hash.startsWith("#enrol=")) return;
    history.replaceState(null, "", "/");
    this.showPhone().then(() => this.behind?.rest?.takeLink(hash));
  }

  circumstances() {
    const app = document.querySelector('meta[name="app-version"]')?.getAttribute("content");
    return {
      contact: this.#contact,
      // The line is how the last try went, which may have been while there was signal.
      offline: !navigator.onLine || this.behind?.line !== "reached",
      app: app ?? "",
      language: language(),
    };
  }

  /** Show what is true now. */
  async #refresh() {
    // Said before the store is asked, which may not answer.
    if (this.behind?.line === "store") byId("store-failed").hidden = false;
    this.keeping.refresh().catch(() => {});
    const db = await this.vault.db();
    this.help.refresh(db).catch(() => {}); // it stands there again at the next change
    const trust = db.transaction("trust").store;
    const known = ["contact", "enrolled", "alarm"].map((name) => trust.get(name));
    const [contact, enrolled, alarm] = await Promise.all(known);
    const { total, waiting, lines } = await held(db, MOST_SHOWN);
    this.#contact = contact;
    const { keys, directory } = this.trust;
    if (directory && directory !== this.#offered) {
      this.#offered = directory;
      this.form.offer(directory);
      this.keeping.dropOld().catch(() => {});
    }
    const organisation = directory?.organisation ?? keys?.organisation ?? "";
    const { inMemory: pageOnly } = this.vault;
    showEntries(lines, total, { organisation, now: clock.now(), pageOnly });
    const line = this.behind?.line ?? "unknown";
    const others = this.behind?.rest?.others.waiting ?? 0;
    showPill({ line, waiting: waiting + others, total, keys: keys !== null });
    byId("goes-by-itself").hidden = !enrolled;
    byId("waits-here").hidden = Boolean(enrolled);
    // The notice of the rooms says the same at more length, until it is read.
    byId("another-root").hidden = line !== "another-root" || alarm?.read === null;
    const device = this.behind?.rooms.device;
    if (line === "reached" && waiting === 0) byId("store-failed").hidden = true;
    byId("key-not-kept").hidden = device?.kept !== false || pageOnly;
    this.behind?.rest?.show({
      waiting,
      enrolled: Boolean(enrolled),
      contactAt: contact?.at ?? null,
    });
    if (device && (!pageOnly || this.vault.doubtful))
      await noteCanary(db, device.name).catch(() => {});
  }

  /** What the last contact left. @type {import("../outbox/waiting.js").Contact | undefined} */
  #contact;
  /** @type {import("../vault/trust.js").Directory | null} */
  #offered = null;
}

new App();
