// @ts-check
/**
 * *Who is it about?*: the first one stands on the page, each further one gets a frame of its own.
 * What is asked beside the name shows itself once somebody has come here.
 */
import { byId } from "../shell/find.js";
import { word } from "../shell/words.js";
import { aChild } from "./content.js";

/** @typedef {import("./content.js").Child} Child */

export class Children {
  #first = byId("first-child");
  #others = byId("other-children");
  #another = byId("another-child");

  listen() {
    listenTo(this.#first);
    this.#first.addEventListener("focusin", () => this.#unfold());
    this.#first.addEventListener("input", () => this.#unfold());
    // The row and not its legend: Firefox gives no focus to a legend that was not drawn yet.
    this.#another.addEventListener("click", () => this.#add().focus());
  }

  /** Everybody named or described, and whoever has a frame of their own. @returns {Child[]} */
  read() {
    return [this.#first, ...this.#rows].map(readChild);
  }

  get empty() {
    return this.read().every(
      ({ name, born, reference, unknown }) => name + born + reference === "" && !unknown,
    );
  }

  /** @param {Child[]} children */
  fill(children) {
    this.clear();
    const [first = aChild(), ...others] = children;
    fillChild(this.#first, first);
    for (const child of others) fillChild(this.#add(), child);
    if (!this.empty || others.length > 0) this.#unfold();
  }

  clear() {
    this.#others.replaceChildren();
    fillChild(this.#first, aChild());
    byId("about-more").hidden = true;
    this.#another.hidden = true;
  }

  get #rows() {
    return Array.from(this.#others.children, (row) => /** @type {HTMLElement} */ (row));
  }

  #unfold() {
    byId("about-more").hidden = false;
    this.#another.hidden = false;
  }

  #add() {
    const template = /** @type {HTMLTemplateElement} */ (byId("child-row"));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const row = /** @type {HTMLElement} */ (copy.firstElementChild);
    listenTo(row);
    row.querySelector("[data-remove]")?.addEventListener("click", () => {
      row.remove();
      this.#number();
      this.#another.focus();
    });
    this.#others.append(row);
    this.#number();
    return row;
  }

  #number() {
    for (const [i, row] of this.#rows.entries()) {
      const legend = row.querySelector("legend");
      if (legend) legend.textContent = word("child.number", { n: i + 2 });
      field(row, "name").setAttribute("aria-label", word("child.name", { n: i + 2 }));
    }
  }
}

/** @param {HTMLElement} row @param {string} name @returns {HTMLInputElement} */
function field(row, name) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[data-child=${name}]`));
}

/** @param {HTMLElement} row */
const whose = (row) => row.querySelectorAll(/** @type {"input"} */ ("[data-who]"));

/** @param {HTMLElement} row */
function listenTo(row) {
  row.addEventListener("change", ({ target }) => {
    // Unborn or adult, or neither: never both.
    for (const one of whose(row)) {
      if (one !== target && target instanceof HTMLInputElement && target.dataset.who) {
        one.checked = false;
      }
    }
    showHints(row);
  });
  row.querySelector("[data-open]")?.addEventListener("click", () => {
    showDetails(row, true);
    field(row, "born").focus();
  });
}

/** @param {HTMLElement} row @param {boolean} shown */
function showDetails(row, shown) {
  const details = /** @type {HTMLElement} */ (row.querySelector("[data-details]"));
  const open = /** @type {HTMLElement} */ (row.querySelector("[data-open]"));
  details.hidden = !shown;
  open.hidden = shown;
}

/** @param {HTMLElement} row */
function showHints(row) {
  const { unknown, who } = readChild(row);
  for (const hint of row.querySelectorAll(/** @type {"p"} */ ("[data-hint]"))) {
    hint.hidden = hint.dataset.hint === "unknown" ? !unknown : hint.dataset.hint !== who;
  }
}

/** @param {HTMLElement} row @returns {Child} */
function readChild(row) {
  const chosen = Array.from(whose(row)).find((one) => one.checked);
  return {
    name: field(row, "name").value,
    unknown: field(row, "unknown").checked,
    who: /** @type {Child["who"]} */ (chosen?.dataset.who ?? "child"),
    born: field(row, "born").value,
    reference: field(row, "reference").value,
  };
}

/** @param {HTMLElement} row @param {Child} child */
function fillChild(row, child) {
  for (const name of /** @type {const} */ (["name", "born", "reference"])) {
    field(row, name).value = child[name];
  }
  field(row, "unknown").checked = child.unknown;
  for (const one of whose(row)) one.checked = one.dataset.who === child.who;
  showDetails(row, child.born !== "" || child.reference !== "");
  showHints(row);
}
