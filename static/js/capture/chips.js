// @ts-check
/** Chips: plain check boxes and radio buttons that are easy to hit. */
import { word } from "../shell/words.js";

/**
 * Put the organisation's own choices into a group that came with built-in ones. What the person
 * has already chosen stays chosen; a chip that is there already stays the same one, because a
 * finger or the focus may be on it.
 * @param {HTMLElement} group
 * @param {{code: string, label: string}[]} choices
 * @param {string[]} first codes to show before *More*
 */
export function fillChips(group, choices, first) {
  const list = /** @type {HTMLElement} */ (group.querySelector("[data-chips]"));
  const open = group.dataset.all === "yes";
  const there = Array.from(list.querySelectorAll("label"));
  const order = [
    ...first.flatMap((code) => choices.filter((one) => one.code === code)),
    ...choices.filter((one) => !first.includes(one.code)),
  ];
  const chips = order.map((choice, i) => {
    let chip = there.find((one) => inputOf(one).value === choice.code);
    if (!chip) {
      chip = /** @type {HTMLLabelElement} */ (there[0].cloneNode(true));
      inputOf(chip).checked = false;
      inputOf(chip).value = choice.code;
    }
    /** @type {HTMLElement} */ (chip.querySelector("span")).textContent = choice.label;
    chip.toggleAttribute("data-more", i >= first.length);
    chip.hidden = i >= first.length && !open && !inputOf(chip).checked;
    return chip;
  });
  // What the organisation does not offer goes; to the end, where the person chose it.
  for (const old of there.filter((one) => !chips.includes(one))) {
    old.remove();
    if (inputOf(old).checked) chips.push(old);
  }
  chips.forEach((chip, i) => {
    if (list.children[i] !== chip) list.insertBefore(chip, list.children[i]);
  });
  const more = list.querySelector("button");
  if (more) more.hidden = open || chips.length <= first.length;
}

/** @param {HTMLElement} chip */
const inputOf = (chip) => /** @type {HTMLInputElement} */ (chip.querySelector("input"));

/** The *More* button of a group shows the rest and goes. @param {HTMLElement} group */
export function listenForMore(group) {
  const more = group.querySelector("button");
  more?.addEventListener("click", () => {
    unfold(group, true);
    group.querySelector(/** @type {"input"} */ ("[data-more] input"))?.focus();
  });
}

/** Show all of a group, or only what stands before *More*. @param {HTMLElement} group @param {boolean} all */
function unfold(group, all) {
  group.dataset.all = all ? "yes" : "no";
  const rest = Array.from(group.querySelectorAll(/** @type {"label"} */ ("[data-more]")));
  for (const chip of rest) chip.hidden = !all;
  const more = group.querySelector("button");
  if (more) more.hidden = all || rest.length === 0;
}

/** Back to how the page opened. @param {HTMLElement} group @param {string} [byDefault] */
export function clearChips(group, byDefault) {
  for (const input of group.querySelectorAll("input")) input.checked = input.value === byDefault;
  unfold(group, false);
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
