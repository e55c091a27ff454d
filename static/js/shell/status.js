// @ts-check
/** The one place where the page says what has just become true, aloud and in large letters. */
import { byId } from "./find.js";

/** A short word above the form. @param {string} text */
export function note(text) {
  const region = byId("status");
  region.className = "status status--note";
  region.replaceChildren(paragraph(text));
}

/** The calm after: a heading for the focus to go to. @param {string} text */
export function announceSaved(text) {
  const region = byId("status");
  region.className = "status status--saved";
  const heading = document.createElement("h2");
  heading.tabIndex = -1;
  heading.textContent = text;
  region.replaceChildren(heading);
  return heading;
}

export function clearStatus() {
  const region = byId("status");
  region.className = "status";
  region.replaceChildren();
}

/** What went wrong, beside the button, while everything typed stays. @param {string} heading @param {string} text */
export const warn = (heading, text) => warnIn(byId("warning"), heading, text);

/** @param {HTMLElement} region @param {string} heading @param {string} text */
export function warnIn(region, heading, text) {
  const title = document.createElement("strong");
  title.textContent = heading;
  region.replaceChildren(title, paragraph(text));
}

export function clearWarning() {
  byId("warning").replaceChildren();
}

/** @param {string} text */
function paragraph(text) {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
}
