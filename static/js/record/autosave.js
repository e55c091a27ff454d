// @ts-check
/**
 * Drafts are sent by htmx at every pause of typing; this keeps the words on the screen true.
 *
 * Promises: a draft that was not saved is never called saved; being signed out never takes a page
 * away that somebody has typed on; what was typed last is sent when the page is hidden.
 */
import htmx from "htmx.org";

/** @typedef {CustomEvent<{elt: Element, xhr: XMLHttpRequest, successful?: boolean}>} HtmxEvent */

/** What the door answers when the session behind the form has ended. */
const ENDED = new Set([400, 401, 403]);

/** @param {Document} page */
export function keepDrafts(page) {
  const form = page.querySelector("form[data-autosave]");
  if (!(form instanceof HTMLFormElement)) return;
  let unsent = false;
  let leaving = false;
  form.addEventListener("input", () => {
    unsent = true;
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    // The whole form is on its way: a draft that overtook it would come back as unsaved.
    if (leaving) event.preventDefault();
    else unsent = false;
  });
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    // The door would send us to sign in, away from what was typed.
    if (ENDED.has(/** @type {HtmxEvent} */ (event).detail.xhr.status)) event.preventDefault();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = /** @type {HtmxEvent} */ (event).detail;
    if (successful || leaving) return;
    unsent = true;
    say(form, form.dataset.notSaved ?? "");
    if (ENDED.has(xhr.status)) afresh(form).catch(() => undefined);
  });
  page.addEventListener("visibilitychange", () => {
    if (leaving || !unsent) return;
    if (page.visibilityState === "visible") {
      // Perhaps back from signing in in another window.
      htmx.trigger(form, "change");
      return;
    }
    unsent = false;
    sendLast(form).catch(() => {
      unsent = true;
    });
  });
}

/**
 * Whoever signed in again in another window has a new session: take its token into this page and
 * try once more. @param {HTMLFormElement} form
 */
async function afresh(form) {
  const answer = await fetch(form.dataset.autosave ?? "", { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = fresh.querySelector("form[data-autosave] input[name=csrf_token]");
  if (!answer.ok || !(token instanceof HTMLInputElement)) {
    say(form, form.dataset.signedOut ?? "");
    return;
  }
  let changed = false;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) {
    if (!(field instanceof HTMLInputElement)) continue;
    changed ||= field.value !== token.value;
    field.value = token.value;
  }
  // Only with another token: the same one would be refused again, for ever.
  if (changed) htmx.trigger(form, "change");
}

/** The page may be gone before an answer comes. @param {HTMLFormElement} form */
async function sendLast(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  const answer = await fetch(form.getAttribute("hx-post") ?? form.action, {
    method: "POST",
    body: fields,
    headers: { "HX-Request": "true" },
    keepalive: true,
  });
  if (!answer.ok) throw new Error(`not saved: ${answer.status}`);
}

/** @param {HTMLFormElement} form @param {string} words */
function say(form, words) {
  const status = form.querySelector("#draft-status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "govuk-body-s record-draft-status--failed";
  line.textContent = words;
  status.replaceChildren(line);
}
