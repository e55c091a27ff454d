// @ts-check
/** What nobody has to answer: the risk, how it is known, the family, the danger. */
import { byId } from "../shell/find.js";
import { chosenIn, clearChips } from "./chips.js";

/** @typedef {import("./content.js").Answers} Answers */
/** @typedef {Pick<Answers, "risk" | "known" | "toldFamily" | "danger" | "called999">} Extras */

export class Optional {
  #risk = input("risk-name");
  #works = input("works-with-children");
  #from = input("known-from");
  #danger = input("danger");
  #called = input("called-999");
  #all = byId("more");

  listen() {
    for (const id of ["known", "family"]) listenForOne(byId(id));
    this.#all.addEventListener("change", () => this.#show());
  }

  /** @returns {Extras} */
  read() {
    return {
      risk: { name: this.#risk.value, worksWithChildren: this.#works.checked },
      known: {
        how: /** @type {Answers["known"]["how"]} */ (one("known")),
        from: this.#from.value,
      },
      toldFamily: /** @type {Answers["toldFamily"]} */ (one("family")),
      danger: this.#danger.checked,
      called999: this.#called.checked,
    };
  }

  get empty() {
    const tapped = this.#all.querySelector(":checked");
    return !tapped && this.#risk.value + this.#from.value === "";
  }

  /** @param {Extras} extras */
  fill({ risk, known, toldFamily, danger, called999 }) {
    this.#risk.value = risk.name;
    this.#works.checked = risk.worksWithChildren;
    clearChips(byId("known"), known.how);
    this.#from.value = known.from;
    clearChips(byId("family"), toldFamily);
    this.#danger.checked = danger;
    this.#called.checked = called999;
    /** @type {HTMLDetailsElement} */ (this.#all.lastElementChild).open = !this.empty;
    this.#show();
  }

  #show() {
    byId("apart-words").hidden = !this.#works.checked;
    byId("known-from-field").hidden = one("known") !== "other";
  }
}

/** @param {string} id @returns {HTMLInputElement} */
const input = (id) => byId(id);

/** @param {string} id */
const one = (id) => chosenIn(byId(id))[0]?.code ?? "";

/** One answer or none: a second tap takes it back, which radio buttons cannot. @param {HTMLElement} group */
function listenForOne(group) {
  group.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.checked || target.type === "text") return;
    for (const other of group.querySelectorAll(/** @type {"input"} */ (".chip input"))) {
      if (other !== target) other.checked = false;
    }
  });
}
