// @ts-check
/**
 * *Fix this* and *Logged by mistake*: words beside an entry that is already sealed. They need no
 * unlock, they change nothing, and they are saved and sent as every event is. While they are typed
 * they are kept, sealed, as an unfinished entry is.
 */
import { uuid7 } from "../shell/clock.js";
import { byId } from "../shell/find.js";
import { goBack, show, shown } from "../shell/screens.js";
import { clearStatus } from "../shell/status.js";
import { dayAndTime, word } from "../shell/words.js";
import { fromText, toText } from "../vault/bytes.js";
import { add, sealCorrection } from "./adding.js";
import { Autosave } from "./autosave.js";

const ENTRY_BYTES = 16;

/**
 * @typedef {import("./adding.js").Logged} Logged
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 * @typedef {import("./adding.js").Rooms & {saved: (text: string) => void, changed: () => void}} Rooms
 */

export class Fixing {
  #text = /** @type {HTMLTextAreaElement} */ (byId("fix-text"));
  #why = /** @type {HTMLTextAreaElement} */ (byId("fix-why"));
  /** @type {Logged | null} */
  #logged = null;
  /** The name of what is being typed among the unfinished. */
  #name = "";
  #saving = false;
  /** Whether it took an unlock to see what is here. */
  #unlocked = false;
  /** @type {Autosave<string>} */
  #autosave;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#autosave = this.#keptAsTyped();
    byId("fix-save").addEventListener("click", () => this.#correct());
    byId("fix-mistake").addEventListener("click", () => this.#ask(true));
    byId("fix-sure-no").addEventListener("click", () => this.#ask(false));
    byId("fix-sure-yes").addEventListener("click", () => this.#takeBack());
    for (const field of [this.#text, this.#why]) {
      field.addEventListener("input", () => this.#autosave.touched());
    }
    addEventListener("pagehide", () => this.#autosave.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#autosave.keep();
    });
  }

  /** @param {Logged} logged @param {boolean} mistake whether the question is already asked */
  async open(logged, mistake) {
    // What was typed for another entry must never be sealed to this one: it stays with its own.
    if (this.#logged?.at !== logged.at && !(await this.#left())) return this.#stay();
    this.#begin(logged, this.#name || `fix ${toText(uuid7(this.rooms.clock))}`);
    this.#ask(mistake);
  }

  /** Go on with a correction that was left. @param {Unfinished} row @param {string} text */
  async goOn(row, text) {
    if (!(await this.#left())) return this.#stay();
    if (!(await this.#autosave.take(row.entry))) return this.rooms.changed(); // another tab was faster
    this.#begin({ entry: fromText(row.fixes ?? "", ENTRY_BYTES), at: row.logged ?? 0 }, row.entry);
    this.#text.value = text;
    this.#unlocked = true;
    this.#ask(false);
    this.#text.focus();
    this.rooms.changed();
  }

  /** What is typed goes from the page, if it can be gone on with. @param {boolean} all or only what took an unlock to see */
  async putAway(all) {
    if (!this.#logged || !(all || this.#unlocked)) return;
    await this.#autosave.keep();
    const row = await (await this.rooms.vault.db()).get("unfinished", this.#name);
    // Without a copy it could only be sent or binned: then it stays.
    if (this.#typed() !== "" && !(row?.copy && this.#autosave.upToDate)) return;
    this.#forget();
    if (shown() === "fix") goBack();
    this.rooms.changed();
  }

  #keptAsTyped() {
    const { trust, device } = this.rooms;
    const name = () => this.#name;
    const typed = () => this.#typed();
    return new Autosave({
      ...this.rooms,
      logging: {
        get entry() {
          return name();
        },
        get ready() {
          return trust.keys !== null && device.kept;
        },
        sealUnfinished: (text) =>
          sealCorrection(this.rooms, /** @type {Logged} */ (this.#logged), this.#name, text),
      },
      form: {
        get empty() {
          return typed() === "";
        },
        readUnfinished: typed,
      },
      kept: (well) => {
        byId("fix-unkept").hidden = well;
      },
    });
  }

  #typed() {
    return [this.#text.value, this.#why.value].filter((text) => text.trim() !== "").join("\n\n");
  }

  /** @param {Logged} logged @param {string} name */
  #begin(logged, name) {
    this.#logged = logged;
    this.#name = name;
    const when = word("fix.logged", { time: dayAndTime(logged.at, this.rooms.clock.now()) });
    for (const line of document.querySelectorAll("[data-fix-time]")) line.textContent = when;
    clearStatus();
    if (shown() !== "fix") show("fix");
  }

  /** Whether what is typed stays, among the unfinished, and the fields are free. */
  async #left() {
    await this.#autosave.keep();
    if (this.#typed() !== "" && !this.#autosave.upToDate) return false;
    this.#forget();
    return true;
  }

  /** What could not be kept is shown again, before anything else. */
  #stay() {
    if (this.#logged) this.#begin(this.#logged, this.#name);
    this.#ask(false);
  }

  #forget() {
    this.#autosave.letGo();
    this.#text.value = "";
    this.#why.value = "";
    this.#logged = null;
    this.#name = "";
    this.#unlocked = false;
  }

  /** @param {boolean} mistake */
  #ask(mistake) {
    byId("fix-words").hidden = mistake;
    byId("fix-sure").hidden = !mistake;
    byId("fix-problem").textContent = "";
    byId("fix-sure-problem").textContent = "";
    byId(mistake ? "fix-sure-heading" : "fix-heading").focus({ preventScroll: true });
    document.documentElement.scrollTop = 0;
  }

  async #correct() {
    if (this.#text.value.trim() === "") {
      byId("fix-problem").textContent = word("fix.empty");
      this.#text.focus();
      return;
    }
    await this.#save("fix", this.#text, "fix-problem");
  }

  #takeBack() {
    return this.#save("mistake", this.#why, "fix-sure-problem");
  }

  /** @param {"fix" | "mistake"} what @param {HTMLTextAreaElement} field @param {string} problem */
  async #save(what, field, problem) {
    if (this.#saving || !this.#logged) return;
    this.#saving = true;
    this.#autosave.stop();
    try {
      await add(this.rooms, this.#logged.entry, what, field.value, this.#name);
      this.#forget();
      goBack(() => this.rooms.saved(word(`fix.saved-${what}`)));
    } catch {
      // Whatever it was: it is not saved, and what was typed stays.
      this.#autosave.resume();
      byId(problem).textContent = word("fix.not-saved");
    } finally {
      this.#saving = false;
    }
  }
}
