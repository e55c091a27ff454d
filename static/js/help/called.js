// @ts-check
/**
 * Back from a call. Whoever was spoken to opens the page half filled; a message or no answer is
 * sealed at once as *not yet told*, and is never counted as a share.
 */
import { blank } from "../capture/content.js";
import { Logging, NoKeyYet } from "../capture/logging.js";
import { byId } from "../shell/find.js";
import { goBack, show } from "../shell/screens.js";
import { clearStatus, note, warnIn } from "../shell/status.js";
import { dayAndTime, language, word } from "../shell/words.js";
import { reached, readCalls } from "./calls.js";
import { dialled, listed } from "./finding.js";
import { halfFill, localTime } from "./half_filled.js";
import { answered, notReached, placed } from "./placing.js";

/**
 * @typedef {import("./calls.js").Call} Call
 * @typedef {import("./calls.js").NotTold} NotTold
 */

export class CalledScreens {
  /** The call that is asked about. @type {Call | null} */
  #call = null;
  /** Whoever is looked at because they were not reached. @type {NotTold | null} */
  #untold = null;
  #busy = false;

  /** @param {import("./help.js").Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    for (const button of document.querySelectorAll(/** @type {"button"} */ ("[data-went]"))) {
      button.addEventListener("click", () => this.#went(button.dataset.went ?? ""));
    }
    for (const link of document.querySelectorAll("[data-again]")) {
      link.addEventListener("click", () => this.#again());
    }
    byId("untold-reached").addEventListener("click", () => this.#reachedNow());
    byId("untold-logged").addEventListener("click", () => this.#loggedAlready());
  }

  /** A number was tapped: written down at once, because this page may be killed during the call. @param {Call} call */
  async place(call) {
    this.rooms.away();
    const written = this.rooms.vault.db().then((db) => placed(db, call));
    // The browser dials first; what is shown then is there when the person comes back.
    setTimeout(() => this.ask(call), 0);
    await written.catch(() => {});
    await this.rooms.changed();
  }

  /** @param {Call} call */
  ask(call) {
    this.#call = call;
    this.#untold = null;
    const { label, number } = this.#person(call.code);
    const time = dayAndTime(call.at, this.rooms.clock.now());
    byId("called-whom").textContent = word("called.whom", { recipient: label, time });
    byId("called-problem").replaceChildren();
    this.#offerAgain("called", number);
    show("called");
    byId("called-heading").focus();
  }

  /** @param {NotTold} line */
  showUntold(line) {
    this.#untold = line;
    clearStatus(); // what was said of the last call is not said of this one
    const { label, number } = this.#person(line.code);
    const time = dayAndTime(line.at, this.rooms.clock.now());
    byId("untold-heading").textContent = word("untold", { recipient: label });
    byId("untold-tried").textContent = word(`untold.${line.attempt}`, { time });
    this.#offerAgain("untold", number);
    show("untold");
    byId("untold-heading").focus();
  }

  /** What stands on top of the page: a call not yet told of, and whoever was not reached. */
  async showStanding() {
    const { call, notTold } = await readCalls(await this.rooms.vault.db());
    const now = this.rooms.clock.now();
    const lines = notTold.map((line) => {
      const recipient = this.#person(line.code).label;
      const text = word("untold.line", { recipient, time: dayAndTime(line.at, now) });
      return button(text, () => this.showUntold(line));
    });
    if (call) {
      const recipient = this.#person(call.code).label;
      const text = word("called.line", { recipient, time: dayAndTime(call.at, now) });
      lines.unshift(button(text, () => this.ask(call)));
    }
    const list = byId("standing-list");
    const texts = (/** @type {Iterable<Element>} */ all) =>
      Array.from(all, (one) => one.textContent).join("\n");
    // A line that stays is left alone: somebody may be about to tap it.
    if (texts(list.children) !== texts(lines)) list.replaceChildren(...lines);
    byId("standing").hidden = lines.length === 0;
  }

  /** @param {string} how "spoke", "message", "no-answer", or nothing: there was no call */
  async #went(how) {
    const call = this.#call;
    if (!call || this.#busy) return;
    this.#busy = true;
    try {
      if (how === "message" || how === "no-answer") await this.#keepUntold(call, how);
      else await answered(await this.rooms.vault.db());
      if (how === "spoke") this.#fill(call.code, call.at, call.follows);
      else goBack();
      await this.rooms.changed();
    } catch (error) {
      const why = error instanceof NoKeyYet ? "not-saved.no-key" : "called.not-kept";
      warnIn(byId("called-problem"), word("not-saved"), word(why));
    } finally {
      this.#busy = false;
    }
  }

  /** With whatever was typed before the call; nothing is asked for now. @param {Call} call @param {"message" | "no-answer"} attempt */
  async #keepUntold(call, attempt) {
    const { vault, clock, form, circumstances } = this.rooms;
    const { label } = this.#person(call.code);
    const when = { choice: /** @type {"choose"} */ ("choose"), chosenAt: 0, about: false };
    const saved = await new Logging(this.rooms).log(
      {
        ...blank(),
        ...(form.empty ? {} : form.read()),
        act: "not-told",
        attempt,
        follows: call.follows,
        recipients: [{ code: call.code, label, person: "", reference: "" }],
        how: "phone",
        when: { ...when, local: localTime(call.at, clock.offset) },
      },
      circumstances(),
    );
    // The first entry of a row of tries is the one that is resolved; the later ones follow it.
    const entry = call.follows || asUuid(saved.entry);
    const line = { entry, code: call.code, at: call.at, attempt };
    await notReached(await vault.db(), line, call.follows);
    note(word("called.kept", { recipient: label }));
  }

  #again() {
    const code = this.#untold?.code ?? this.#call?.code;
    const follows = this.#untold?.entry ?? this.#call?.follows ?? "";
    this.#untold = null;
    if (code) this.place({ code, at: this.rooms.clock.now(), follows });
  }

  #reachedNow() {
    const line = this.#untold;
    if (!line) return;
    this.#untold = null;
    this.#fill(line.code, null, line.entry);
  }

  async #loggedAlready() {
    if (this.#untold) await reached(await this.rooms.vault.db(), this.#untold.entry);
    this.#untold = null;
    goBack();
    await this.rooms.changed();
  }

  /** @param {string} code @param {number | null} at when it was, if not now @param {string} follows */
  #fill(code, at, follows) {
    this.#call = null;
    const { label } = this.#person(code);
    goBack(() => {
      this.rooms.form.choose("shared");
      this.rooms.form.follow(follows);
      halfFill({ code, label, at, offset: this.rooms.clock.offset });
    });
  }

  /** @param {string} code */
  #person(code) {
    const found = listed(this.rooms.trust.directory, language()).find((one) => one.code === code);
    return found ?? { code, label: code, number: "", note: "" };
  }

  /** @param {string} screen @param {string} number */
  #offerAgain(screen, number) {
    const link = byId(screen).querySelector(/** @type {"a"} */ ("[data-again]"));
    if (!link) return;
    link.href = dialled(number);
    link.hidden = number === "";
  }
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const item = document.createElement("li");
  const line = document.createElement("button");
  line.type = "button";
  line.className = "standing__line";
  line.textContent = text;
  line.addEventListener("click", act);
  item.append(line);
  return item;
}

/** @param {Uint8Array} id */
function asUuid(id) {
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
