// @ts-check
/** The one page on which a share is logged: reads it, clears it, says what is missing. */
import { byId } from "../shell/find.js";
import { language, word } from "../shell/words.js";
import { Acts } from "./acts.js";
import { Children } from "./children.js";
import { chooseIn, chosenIn, clearChips, fillChips, labelled, listenForMore } from "./chips.js";
import { blank, missing } from "./content.js";
import { listenForKeyboard } from "./keyboard.js";
import { Optional } from "./optional.js";
import { Told } from "./told.js";

const WHY_SHOWN = 6;
const HOW_SHOWN = 2;
const DAY_MS = 86_400_000;
/** More than anybody needs in the moment; until then nothing is said about length. */
const PLENTY = 700;
/** @type {Record<import("./content.js").Problem, string>} */
const FIELD_OF = {
  told: "told",
  "told-many": "told",
  about: "about",
  "about-many": "about",
  shared: "shared",
  when: "moment",
  "why-many": "why",
  "review-on": "review-on",
};

/** @typedef {import("./content.js").Answers} Answers */

export class CaptureForm {
  element = /** @type {HTMLFormElement} */ (byId("log"));
  #told = new Told();
  #children = new Children();
  #optional = new Optional();
  #acts = new Acts();
  #follows = "";
  #reviewOn = /** @type {HTMLInputElement} */ (byId("review-on"));
  #shared = /** @type {HTMLTextAreaElement} */ (byId("shared"));
  #moment = /** @type {HTMLInputElement} */ (byId("moment"));
  #roughly = /** @type {HTMLInputElement} */ (byId("roughly"));
  #chosenAt = 0;
  /** The same moment by the clock that nobody sets. */
  #chosenTick = 0;

  /** @param {import("../shell/clock.js").Clock} clock @param {(empty: boolean) => void} touched */
  constructor(clock, touched) {
    this.clock = clock;
    this.#told.listen();
    this.#children.listen();
    this.#optional.listen();
    this.#acts.listen(() => this.showProblems([]));
    listenForKeyboard(this.element);
    for (const id of ["often", "why", "how"]) listenForMore(byId(id));
    byId("when").addEventListener("change", () => this.#showMoment());
    this.#shared.addEventListener("input", () => this.#showGuide());
    this.element.addEventListener("input", () => touched(this.empty));
    this.#showMoment();
  }

  /** The organisation's own chips, once known. @param {import("../vault/trust.js").Directory} directory */
  offer(directory) {
    const choices = (/** @type {import("../vault/trust.js").Choice[]} */ list) =>
      list.map((one) => labelled(one, language()));
    const recipients = choices(directory.recipients);
    const first = (directory.favourites ?? []).filter((code) =>
      recipients.some((one) => one.code === code),
    );
    const often = first.length > 2 ? first : recipients.slice(0, 4).map((one) => one.code);
    fillChips(byId("often"), recipients, often);
    const why = choices(directory.why);
    fillChips(
      byId("why"),
      why,
      why.slice(0, WHY_SHOWN).map((one) => one.code),
    );
    const how = choices(directory.how);
    fillChips(
      byId("how"),
      how,
      how.slice(0, HOW_SHOWN).map((one) => one.code),
    );
  }

  /** @returns {Answers} */
  read() {
    const chosen = chosenIn(byId("when"))[0]?.code ?? "now";
    return {
      ...blank(),
      act: this.#acts.chosen,
      follows: this.#follows,
      reviewOn: this.#acts.chosen === "shared" ? "" : this.#reviewOn.value,
      ...this.#optional.read(),
      recipients: this.#told.read(),
      children: this.#children.read(),
      shared: this.#shared.value,
      why: chosenIn(byId("why")).map((one) => one.code),
      how: chosenIn(byId("how"))[0]?.code ?? "phone",
      when: {
        choice: /** @type {import("./content.js").When["choice"]} */ (
          chosen === "yesterday" ? "choose" : chosen
        ),
        chosenAt: this.#whenChosen(),
        local: this.#moment.value,
        about: this.#roughly.checked,
      },
    };
  }

  /** As far as it has come: also what cannot be logged yet. @returns {Answers} */
  readUnfinished() {
    return { ...this.read(), recipients: this.#told.readUnfinished() };
  }

  /** What was read before, back on the page. @param {Answers} answers */
  fill(answers) {
    this.clear();
    this.#acts.choose(answers.act === "not-told" ? "shared" : answers.act);
    this.#told.fill(answers.recipients);
    this.#children.fill(answers.children);
    this.#optional.fill(answers);
    this.#shared.value = answers.shared;
    this.#reviewOn.value = answers.reviewOn;
    this.#follows = answers.follows;
    chooseIn(byId("why"), answers.why);
    chooseIn(byId("how"), [answers.how]);
    chooseIn(byId("when"), [answers.when.choice]);
    this.#moment.value = answers.when.local;
    this.#roughly.checked = answers.when.about;
    this.#showMoment();
    this.#showGuide();
    // "5 minutes ago" still counts from the tap of then.
    this.#chosenAt = answers.when.chosenAt;
    this.#chosenTick = Number.POSITIVE_INFINITY; // another page's ticks say nothing here
  }

  get empty() {
    const parts = [this.#told, this.#children, this.#optional];
    const typed = this.#shared.value + this.#moment.value + this.#reviewOn.value;
    return typed === "" && chosenIn(byId("why")).length === 0 && parts.every((part) => part.empty);
  }

  /** The same page for another act. @param {import("./acts.js").OnPage} act */
  choose(act) {
    this.#acts.choose(act);
  }

  /** The entry of a call that reached nobody, which this one puts right. @param {string} entry */
  follow(entry) {
    this.#follows = entry;
  }

  clear() {
    clearChips(byId("often"));
    clearChips(byId("why"));
    clearChips(byId("how"), "phone");
    clearChips(byId("when"), "now");
    for (const one of [this.#shared, this.#moment, this.#reviewOn]) one.value = "";
    this.#roughly.checked = false;
    this.#told.clear();
    this.#children.clear();
    this.#optional.fill(blank());
    this.#acts.choose("shared");
    this.#follows = "";
    this.#showMoment();
    this.#showGuide();
    this.showProblems([]);
  }

  /** Whether it can be logged; if not, says why at the top and beside each answer. @param {Answers} answers */
  complete(answers) {
    const problems = missing(answers);
    this.showProblems(problems);
    return problems.length === 0;
  }

  /** @param {import("./content.js").Problem[]} problems */
  showProblems(problems) {
    const summary = byId("problems");
    // Nothing was wrong and nothing is: not one word changes, and saving is timed.
    if (problems.length === 0 && summary.hidden) return;
    const links = problems.map((problem) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${FIELD_OF[problem]}`;
      link.textContent = this.#said(problem);
      link.addEventListener("click", (event) => {
        event.preventDefault(); // the address stays the same whatever happens here
        byId(FIELD_OF[problem]).focus();
      });
      item.append(link);
      return item;
    });
    summary.querySelector("ul")?.replaceChildren(...links);
    summary.hidden = problems.length === 0;
    document.title = problems.length > 0 ? word("title.problem") : word("title");
    for (const field of new Set(Object.values(FIELD_OF))) {
      const problem = problems.find((one) => FIELD_OF[one] === field);
      showBeside(field, problem && this.#said(problem));
    }
    if (problems.length > 0) summary.focus();
  }

  /** In the words of the question as it stands. @param {import("./content.js").Problem} problem */
  #said(problem) {
    const special = `problem.${problem}-${this.#acts.chosen}`;
    const text = word(special);
    return text === special ? word(`problem.${problem}`) : text;
  }

  #showMoment() {
    const choice = chosenIn(byId("when"))[0]?.code;
    this.#chosenAt = this.clock.now();
    this.#chosenTick = this.clock.monotonic();
    byId("moment-field").hidden = choice !== "choose" && choice !== "yesterday";
    if (choice !== "yesterday") return;
    const then = this.#chosenAt - DAY_MS;
    const local = new Date(then + this.clock.offset(then) * 60_000);
    this.#moment.value = local.toISOString().slice(0, 16);
    this.#roughly.checked = true;
  }

  /** A clock set back in between makes nothing younger; one set forward looks like a long sleep. */
  #whenChosen() {
    const passed = Math.max(0, this.clock.monotonic() - this.#chosenTick);
    return Math.min(this.#chosenAt, this.clock.now() - passed);
  }

  #showGuide() {
    byId("length-guide").textContent = this.#shared.value.length > PLENTY ? word("guide.long") : "";
  }
}

/** @param {string} field @param {string | undefined} text */
function showBeside(field, text) {
  const beside = document.getElementById(`${field}-problem`);
  if (!beside) return;
  beside.textContent = text ?? "";
  beside.hidden = !text;
  const input = byId(field);
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}
