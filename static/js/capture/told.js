// @ts-check
/**
 * *Who did you tell?*: chips, a field for anybody else, and for each of them a name and a
 * reference, because these are lost first.
 */
import { byId } from "../shell/find.js";
import { word } from "../shell/words.js";
import { chooseIn, chosenIn } from "./chips.js";

const FREE = "";

export class Told {
  #group = byId("often");
  #typed = /** @type {HTMLInputElement} */ (byId("told"));
  #rows = byId("details");

  listen() {
    this.#group.addEventListener("change", () => this.#show());
    this.#typed.addEventListener("input", () => this.#show());
    this.#show();
  }

  /** @returns {import("./content.js").Recipient[]} */
  read() {
    return this.#people().map(({ code, label }) => {
      const row = this.#row(code ?? FREE);
      return {
        code,
        label,
        person: field(row, "person").value,
        reference: field(row, "reference").value,
      };
    });
  }

  /** As `read`, and also a name or reference that was typed before anybody was chosen. @returns {import("./content.js").Recipient[]} */
  readUnfinished() {
    const told = this.read();
    if (told.length > 0) return told;
    const rows = Array.from(this.#rows.children, (row) => /** @type {HTMLElement} */ (row));
    return rows
      .map((row) => ({
        code: null,
        label: "",
        person: field(row, "person").value,
        reference: field(row, "reference").value,
      }))
      .filter(({ person, reference }) => person !== "" || reference !== "");
  }

  /** What was read before. @param {import("./content.js").Recipient[]} recipients */
  fill(recipients) {
    this.clear();
    const chosen = recipients.flatMap(({ code }) => (code === null ? [] : [code]));
    chooseIn(this.#group, chosen);
    this.#typed.value = recipients.find(({ code }) => code === null)?.label ?? "";
    this.#show();
    for (const { code, person, reference } of recipients) {
      const row = this.#row(code ?? FREE);
      field(row, "person").value = person;
      field(row, "reference").value = reference;
    }
    this.#show();
  }

  clear() {
    this.#typed.value = "";
    this.#rows.replaceChildren();
    this.#show();
  }

  /** Whether anything was typed here. */
  get empty() {
    const fields = [this.#typed, ...this.#rows.querySelectorAll("input")];
    return fields.every((one) => one.value === "") && chosenIn(this.#group).length === 0;
  }

  /** Whoever was told; a typed name that repeats a chip is that chip. */
  #people() {
    const chips = chosenIn(this.#group);
    const typed = this.#typed.value;
    const plain = typed.trim().toLowerCase();
    const repeated = chips.some(({ label }) => label.toLowerCase() === plain);
    /** @type {{code: string | null, label: string}[]} */
    const people = [...chips];
    if (plain !== "" && !repeated) people.push({ code: null, label: typed });
    return people;
  }

  /** One row for each; the first row is there before anybody is chosen. */
  #show() {
    const people = this.#people();
    const wanted = people.map(({ code }) => code ?? FREE);
    const spare = /** @type {HTMLElement | null} */ (this.#rows.querySelector("[data-for]"));
    // What was typed before the recipient was chosen belongs to the first one chosen.
    if (
      spare &&
      wanted.length > 0 &&
      !wanted.includes(spare.dataset.for ?? "") &&
      this.#rows.children.length === 1
    ) {
      spare.dataset.for = wanted[0];
    }
    for (const row of Array.from(this.#rows.children)) {
      const { dataset } = /** @type {HTMLElement} */ (row);
      const gone = !wanted.includes(dataset.for ?? "");
      const blank = Array.from(row.querySelectorAll("input")).every((one) => one.value === "");
      if (gone && blank) row.remove();
      else row.toggleAttribute("hidden", gone && wanted.length > 0);
    }
    if (wanted.length === 0 && this.#rows.children.length === 0) this.#row(FREE);
    for (const { code, label } of people) this.#name(this.#row(code ?? FREE), label, people.length);
    const rest = /** @type {HTMLElement | null} */ (
      this.#rows.querySelector("[data-for]:not([hidden])")
    );
    if (people.length === 0 && rest) this.#name(rest, "", 1);
  }

  /** @param {HTMLElement} row @param {string} label @param {number} count */
  #name(row, label, count) {
    row.hidden = false;
    const whom = count > 1 ? label : "";
    const caption = /** @type {HTMLElement} */ (row.querySelector("legend"));
    caption.textContent = whom || word("details");
    caption.classList.toggle("visually-hidden", whom === "");
    for (const name of ["person", "reference"]) {
      const plain = word(`details.${name}`);
      const input = field(row, name);
      if (whom) input.setAttribute("aria-label", `${plain}, ${whom}`);
      else input.removeAttribute("aria-label");
    }
  }

  /** @param {string} key @returns {HTMLElement} */
  #row(key) {
    for (const row of this.#rows.children) {
      const found = /** @type {HTMLElement} */ (row);
      if (found.dataset.for === key) return found;
    }
    const template = /** @type {HTMLTemplateElement} */ (byId("details-row"));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const row = /** @type {HTMLElement} */ (copy.firstElementChild);
    row.dataset.for = key;
    this.#rows.append(row);
    return row;
  }
}

/** @param {HTMLElement} row @param {string} name @returns {HTMLInputElement} */
function field(row, name) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[data-field=${name}]`));
}
