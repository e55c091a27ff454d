// @ts-check
/** Which screen is shown: logging, saved, or this phone. The address never changes. */
import { byId } from "./find.js";

/** @typedef {"log" | "saved" | "phone"} Screen */

/** @type {Screen} */
let current = "log";

export const shown = () => current;

/** @param {Screen} screen */
export function show(screen) {
  const from = current;
  current = screen;
  document.body.dataset.screen = screen;
  byId("log").hidden = screen !== "log";
  byId("saved").hidden = screen !== "saved";
  byId("phone").hidden = screen !== "phone";
  // So that the phone's back button leads back here and not out of the app.
  if (screen === "phone" && from !== "phone") history.pushState({ screen }, "");
  document.documentElement.scrollTop = 0;
}

/** @param {() => void} leave what to do when the person goes back */
export function listenForBack(leave) {
  addEventListener("popstate", () => {
    if (current === "phone") leave();
  });
}
