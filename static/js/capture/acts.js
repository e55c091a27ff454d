// @ts-check
/** Shared, decided not to, or asked and refused: the same page, with the questions that fit. */
import { byId } from "../shell/find.js";
import { word } from "../shell/words.js";

/** @typedef {"shared" | "not-shared" | "refused"} OnPage */

export class Acts {
  /** @type {OnPage} */
  chosen = "shared";

  /** @param {() => void} changed */
  listen(changed) {
    for (const button of document.querySelectorAll(/** @type {"button"} */ ("[data-act]"))) {
      button.addEventListener("click", () => {
        this.choose(/** @type {OnPage} */ (button.dataset.act));
        changed();
        document.documentElement.scrollTop = 0;
        byId(this.chosen === "shared" ? "told" : "mode-name").focus({ preventScroll: true });
      });
    }
  }

  /** @param {OnPage} act */
  choose(act) {
    this.chosen = act;
    const shared = act === "shared";
    byId("told-name").textContent = word(`told.${act}`);
    byId("shared-name").textContent = word(`shared.${act}`);
    byId("mode").hidden = shared;
    byId("acts").hidden = !shared;
    byId("mode-name").textContent = shared ? "" : word(`act.${act}`);
    byId("review-on-field").hidden = shared;
    byId("how").hidden = act === "not-shared";
  }
}
