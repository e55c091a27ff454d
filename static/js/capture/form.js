// @ts-check
/** The one page on which a share is logged: reads it, clears it, says what is missing. */
import { byId } from "../shell/find.js";
import { language, word } from "../shell/words.js";
import { chooseIn, chosenIn, clearChips, fillChips, labelled, listenForMore } from "./chips.js";
import { aChild, blank, missing } from "./content.js";
import { Told } from "./told.js";

const WHY_SHOWN = 6;
const HOW_SHOWN = 2;
/** @type {Record<import("./content.js").Problem, string>} */
const FIELD_OF = {
  told: "told",
  "told-many": "told",
  about: "about",
  "about-many": "about",
  shared: "shared",
  when: "moment",
  "why-many": "why",
  "review-on": "moment",
};

/** @typedef {import("./content.js").Answers} Answers */

export class CaptureForm {
  element = /** @type {HTMLFormElement} */ (byId("log"));
  #told = new Told();
  #about = /** @type {HTMLInputElement} */ (byId("about"));
  #unknown = /** @type {HTMLInputElement} */ (byId("unknown"));
  #shared = /** @type {HTMLTextAreaElement} */ (byId("shared"));
  #moment = /** @type {HTMLInputElement} */ (byId("moment"));
  #roughly = /** @type {HTMLInputElement} */ (byId("roughly"));
  #chosenAt = 0;

  /** @param {import("../shell/clock.js").Clock} clock @param {(empty: boolean) => void} touched */
  constructor(clock, touched) {
    this.clock = clock;
    this.#told.listen();
    for (const id of ["often", "why", "how"]) listenForMore(byId(id));
    byId("when").addEventListener("change", () => this.#showMoment());
    this.#unknown.addEventListener("change", () => this.#showDescription());
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
      recipients: this.#told.read(),
      children: [aChild({ name: this.#about.value, unknown: this.#unknown.checked })],
      shared: this.#shared.value,
      why: chosenIn(byId("why")).map((one) => one.code),
      how: chosenIn(byId("how"))[0]?.code ?? "phone",
      when: {
        choice: /** @type {import("./content.js").When["choice"]} */ (chosen),
        chosenAt: this.#chosenAt,
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
    this.#told.fill(answers.recipients);
    const { name, unknown } = answers.children[0] ?? aChild();
    this.#about.value = name;
    this.#unknown.checked = unknown;
    this.#shared.value = answers.shared;
    chooseIn(byId("why"), answers.why);
    chooseIn(byId("how"), [answers.how]);
    chooseIn(byId("when"), [answers.when.choice]);
    this.#moment.value = answers.when.local;
    this.#roughly.checked = answers.when.about;
    this.#showMoment();
    this.#showDescription();
    // "5 minutes ago" still counts from the tap of then.
    this.#chosenAt = answers.when.chosenAt;
  }

  get empty() {
    return this.#told.empty && this.#about.value === "" && this.#shared.value === "";
  }

  clear() {
    clearChips(byId("often"));
    clearChips(byId("why"));
    clearChips(byId("how"), "phone");
    clearChips(byId("when"), "now");
    for (const one of [this.#about, this.#shared, this.#moment]) one.value = "";
    this.#unknown.checked = false;
    this.#roughly.checked = false;
    this.#told.clear();
    this.#showMoment();
    this.#showDescription();
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
    const links = problems.map((problem) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${FIELD_OF[problem]}`;
      link.textContent = word(`problem.${problem}`);
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
      showBeside(field, problem && word(`problem.${problem}`));
    }
    if (problems.length > 0) summary.focus();
  }

  #showMoment() {
    const choice = chosenIn(byId("when"))[0]?.code;
    this.#chosenAt = this.clock.now();
    byId("moment-field").hidden = choice !== "choose";
  }

  #showDescription() {
    byId("about-hint").hidden = !this.#unknown.checked;
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
