// @ts-check
/**
 * *Fix this* and *Logged by mistake*: words beside an entry that is already sealed. They need no
 * unlock, they change nothing, and they are saved and sent as every event is.
 */
import { byId } from "../shell/find.js";
import { goBack, show, shown } from "../shell/screens.js";
import { clearStatus } from "../shell/status.js";
import { dayAndTime, word } from "../shell/words.js";
import { ADDITION, MAX_EVENT_BYTES } from "../vault/event.js";
import { pack } from "../vault/pack.js";
import { save } from "../vault/save.js";
import { readySeal } from "../vault/seal.js";
import { addition } from "./content.js";

const AROUND_THE_PLAIN = 110 + 64 + 1120 + 16;

/**
 * @typedef {{entry: Uint8Array, at: number}} Logged
 * @typedef {import("./logging.js").Rooms & {
 *   circumstances: () => import("./logging.js").Circumstances, saved: (text: string) => void}} Rooms
 */

/**
 * @param {Rooms} rooms
 * @param {Uint8Array} entry
 * @param {"fix" | "mistake"} what
 * @param {string} text
 */
export async function add({ vault, device, trust, clock, circumstances }, entry, what, text) {
  if (!trust.keys) throw new Error("no key yet");
  const at = clock.now();
  const moment = { at, offset: clock.offset, monotonic: clock.monotonic(), ...circumstances() };
  const plain = await pack(JSON.stringify(addition(what, text, moment)));
  if (plain.length + AROUND_THE_PLAIN > MAX_EVENT_BYTES) throw new Error("too long");
  const { suite, recordKey, close } = await readySeal(trust.keys.record, device.id, entry);
  const sealed = await close(plain);
  const event = { kind: ADDITION, suite, entry, recordKey, sealed };
  return save(vault, device, { ...event, at, utcOffset: clock.offset(at) });
}

export class Fixing {
  #text = /** @type {HTMLTextAreaElement} */ (byId("fix-text"));
  #why = /** @type {HTMLTextAreaElement} */ (byId("fix-why"));
  /** @type {Logged | null} */
  #logged = null;
  #saving = false;

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    byId("fix-save").addEventListener("click", () => this.#correct());
    byId("fix-mistake").addEventListener("click", () => this.#ask(true));
    byId("fix-sure-no").addEventListener("click", () => this.#ask(false));
    byId("fix-sure-yes").addEventListener("click", () => this.#takeBack());
  }

  /** @param {Logged} logged @param {boolean} mistake whether the question is already asked */
  open(logged, mistake) {
    const same = this.#logged?.at === logged.at;
    this.#logged = logged;
    // What was typed for another entry must never be sealed to this one.
    if (!same) this.#empty();
    const when = word("fix.logged", { time: dayAndTime(logged.at, this.rooms.clock.now()) });
    for (const line of document.querySelectorAll("[data-fix-time]")) line.textContent = when;
    clearStatus();
    if (shown() !== "fix") show("fix");
    this.#ask(mistake);
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
    try {
      await add(this.rooms, this.#logged.entry, what, field.value);
      this.#empty();
      goBack(() => this.rooms.saved(word(`fix.saved-${what}`)));
    } catch {
      // Whatever it was: it is not saved, and what was typed stays.
      byId(problem).textContent = word("fix.not-saved");
    } finally {
      this.#saving = false;
    }
  }

  #empty() {
    this.#text.value = "";
    this.#why.value = "";
  }
}
