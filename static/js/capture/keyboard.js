// @ts-check
/** The keyboard on the screen: nothing is written behind it, and *next* goes to the next field. */

const FIELDS = "input[type=text], textarea";

/** @param {HTMLElement} form */
export function listenForKeyboard(form) {
  form.addEventListener("keydown", (event) => {
    const { target } = event;
    const next = event.key === "Enter" && !event.isComposing && target instanceof HTMLInputElement;
    if (!next || target.type !== "text") return;
    // Enter in a field would log an entry that is half written.
    event.preventDefault();
    const fields = Array.from(form.querySelectorAll(/** @type {"input"} */ (FIELDS)));
    const seen = fields.filter((one) => one.checkVisibility?.() ?? one.offsetParent !== null);
    seen[seen.indexOf(target) + 1]?.focus();
  });
  // The keyboard comes after the focus and takes half of the screen.
  globalThis.visualViewport?.addEventListener("resize", () => {
    const field = document.activeElement;
    if (field instanceof HTMLElement && form.contains(field) && field.matches(FIELDS)) {
      field.scrollIntoView({ block: "nearest" });
    }
  });
}
