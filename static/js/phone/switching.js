// @ts-check
/**
 * From one person to another on the same phone: the page starts anew, so that nothing of the one
 * who was here stays in its memory.
 *
 * Promises: what was unlocked is locked; what is being written stays with whose it is, sealed, or
 * the person is asked first; words that nothing keeps are never thrown away without a yes.
 */
import { byId } from "../shell/find.js";
import { word } from "../shell/words.js";
import { remember } from "../vault/outside.js";
import { PEOPLE, whoIsHere } from "../vault/people.js";

/** Where a correction stands while it is typed. */
const CORRECTION = ["fix-text", "fix-why"];

/**
 * What would become of the words in the form if this page were left now.
 * @typedef {"none" | "copied" | "sealed" | "lost"} Standing
 * @typedef {{standing: () => Promise<Standing>, putAwayCorrection: () => Promise<void>}} Form
 */

export class Switching {
  #store = "";

  /** @param {string} here whose page this is @param {Form} form */
  constructor(here, form) {
    this.here = here;
    this.form = form;
    byId("switch-yes").addEventListener("click", () => start(this.#store));
    byId("switch-no").addEventListener("click", () => this.#stay());
  }

  /** @param {string} store whose it will be */
  async to(store) {
    if (store === this.here) return this.#stay();
    this.#store = store;
    const standing = await this.form.standing();
    await this.form.putAwayCorrection();
    const typed = CORRECTION.some(
      (id) => /** @type {HTMLTextAreaElement} */ (byId(id)).value !== "",
    );
    if (standing === "lost" || (typed && !byId("fix-unkept").hidden)) {
      return this.#ask("switch.lost", false);
    }
    if (typed || standing === "sealed") return this.#ask("switch.sealed", true);
    start(store);
  }

  /** @param {string} key @param {boolean} possible */
  #ask(key, possible) {
    const name = whoIsHere().people.find(({ store }) => store === this.#store)?.name ?? "";
    byId("switch-heading").textContent = word("switch.to", { name });
    byId("switch-why").textContent = word(key);
    byId("switch-yes").hidden = !possible;
    byId("switch-ask").hidden = false;
    document.documentElement.scrollTop = 0;
    byId("switch-heading").focus();
  }

  #stay() {
    byId("switch-ask").hidden = true;
  }
}

/** The page begins again as another person's. @param {string} store */
export function start(store) {
  remember(PEOPLE, { ...whoIsHere(), here: store });
  document.documentElement.scrollTop = 0; // or the new page would begin where the old one was
  location.reload();
}
