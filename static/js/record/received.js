// @ts-check
/**
 * Takes the code of a one-time link out of the address, where it never reached a server, and asks
 * for what it is about. Nothing is confirmed by it: that is a button for a person.
 */

/** @param {Document} page @param {Location} place @param {History} history */
export function takeCodeFromLink(page, place, history) {
  const form = page.querySelector("form[data-code-from-link]");
  const code = place.hash.slice(1);
  if (!(form instanceof HTMLFormElement) || !code) return;
  history.replaceState(null, "", place.pathname);
  const field = form.querySelector("input[name=code]");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = code;
  form.requestSubmit();
}
