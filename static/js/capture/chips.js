// @ts-check
/** Chips: plain check boxes and radio buttons that are easy to hit. */
import { word } from "../shell/words.js";

/**
 * Put the organisation's own choices into a group that came with built-in ones. What the person
 * has already chosen stays chosen.
 * @param {HTMLElement} group
 * @param {{code: string, label: string}[]} choices
 * @param {string[]} first codes to show before *More*
 */
export function fillChips(group, choices, first) {
  const list = /** @type {HTMLElement} */ (group.querySelector("[data-chips]"));
  const sample = /** @type {HTMLElement} */ (list.querySelector(".chip"));
  const before = new Set(chosenIn(group).map((one) => one.code));
  const open = group.dataset.open === "yes";
  const order = [
    ...first.flatMap((code) => choices.filter((one) => one.code === code)),
    ...choices.filter((one) => !first.includes(one.code)),
  ];
  const chips = order.map((choice, i) => {
    const chip = /** @type {HTMLElement} */ (sample.cloneNode(true));
    const input = /** @type {HTMLInputElement} */ (chip.querySelector("input"));
    input.value = choice.code;
    input.checked = before.has(choice.code);
    /** @type {HTMLElement} */ (chip.querySelector("span")).textContent = choice.label;
    chip.toggleAttribute("data-more", i >= first.length);
    chip.hidden = i >= first.length && !open && !input.checked;
    return chip;
  });
  for (const old of list.querySelectorAll("label")) old.remove();
  list.prepend(...chips);
  const more = list.querySelector("button");
  if (more) more.hidden = open || chips.length <= first.length;
}

/** The *More* button of a group shows the rest and goes. @param {HTMLElement} group */
export function listenForMore(group) {
  const more = group.querySelector("button");
  more?.addEventListener("click", () => {
    openAll(group);
    group.querySelector(/** @type {"input"} */ ("[data-more] input"))?.focus();
  });
}

/** @param {HTMLElement} group */
function openAll(group) {
  group.dataset.open = "yes";
  for (const chip of group.querySelectorAll(/** @type {"label"} */ ("[data-more]"))) {
    chip.hidden = false;
  }
  const more = group.querySelector("button");
  if (more) more.hidden = true;
}

/** Back to how the page opened. @param {HTMLElement} group @param {string} [byDefault] */
export function clearChips(group, byDefault) {
  delete group.dataset.open;
  for (const input of group.querySelectorAll("input")) input.checked = input.value === byDefault;
  for (const chip of group.querySelectorAll(/** @type {"label"} */ ("[data-more]"))) {
    chip.hidden = true;
  }
  const more = group.querySelector("button");
  if (more) more.hidden = !group.querySelector("[data-more]");
}

/**
 * Choose exactly these; one that the organisation no longer offers is shown by its code.
 * @param {HTMLElement} group
 * @param {string[]} codes
 */
export function chooseIn(group, codes) {
  const inputs = () => Array.from(group.querySelectorAll(/** @type {"input"} */ (".chip input")));
  for (const code of codes) {
    if (inputs().some((input) => input.value === code)) continue;
    const sample = /** @type {HTMLElement} */ (group.querySelector(".chip"));
    const chip = /** @type {HTMLElement} */ (sample.cloneNode(true));
    /** @type {HTMLInputElement} */ (chip.querySelector("input")).value = code;
    /** @type {HTMLElement} */ (chip.querySelector("span")).textContent = code;
    sample.before(chip);
  }
  for (const input of inputs()) {
    input.checked = codes.includes(input.value);
    const chip = input.parentElement;
    if (chip && input.checked) chip.hidden = false;
  }
}

/** @param {HTMLElement} group @returns {{code: string, label: string}[]} */
export function chosenIn(group) {
  return Array.from(
    group.querySelectorAll(/** @type {"input"} */ (".chip input:checked")),
    (input) => ({
      code: input.value,
      label: input.parentElement?.textContent?.trim() ?? "",
    }),
  );
}

/** The label of a choice in the language of the page. @param {import("../vault/trust.js").Choice} choice @param {string} language */
export const labelled = ({ code, label }, language) => ({
  code,
  label: label[language] ?? label.en ?? word(code),
});
