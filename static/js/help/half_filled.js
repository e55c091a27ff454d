// @ts-check
/** The page half filled after a call: recipient, how and when. What is there already stays. */
import { byId } from "../shell/find.js";

/**
 * As the person would have tapped it, so that whatever listens to the page hears it.
 * @param {{code: string, label: string, at: number | null, offset: (at: number) => number}} call
 */
export function halfFill({ code, label, at, offset }) {
  if (!tap("often", code)) {
    const typed = /** @type {HTMLInputElement} */ (byId("told"));
    if (typed.value === "") enter(typed, label);
  }
  tap("how", "phone");
  if (at !== null) {
    tap("when", "choose");
    enter(/** @type {HTMLInputElement} */ (byId("moment")), localTime(at, offset));
  }
  byId("about").focus();
}

/** As a field for date and time wants it. @param {number} at @param {(at: number) => number} offset minutes east */
export const localTime = (at, offset) =>
  new Date(at + offset(at) * 60_000).toISOString().slice(0, 16);

/** @param {string} group @param {string} code */
function tap(group, code) {
  for (const input of byId(group).querySelectorAll("input")) {
    if (input.value !== code) continue;
    const chip = input.closest("label");
    if (chip) chip.hidden = false;
    if (!input.checked) input.click();
    return true;
  }
  return false;
}

/** @param {HTMLInputElement} field @param {string} value */
function enter(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
