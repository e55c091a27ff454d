// @ts-check
/** What helps before and around a share; loaded when it is asked for, and there without signal. */
import { byId } from "../shell/find.js";
import { show } from "../shell/screens.js";
import { AdviceScreen } from "./advice.js";
import { CallScreen } from "./call.js";
import { CalledScreens } from "./called.js";

/**
 * `away`: this app itself sends the person to the telephone. `changed`: show what is true now, and
 * send what waits.
 * @typedef {import("../capture/logging.js").Rooms & {
 *   form: import("../capture/form.js").CaptureForm,
 *   circumstances: () => import("../capture/logging.js").Circumstances,
 *   changed: () => Promise<void> | void, away: () => void}} Rooms
 */

export class Help {
  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.advice = new AdviceScreen(rooms);
    this.called = new CalledScreens(rooms);
    this.call = new CallScreen(rooms, (call) => this.called.place(call));
  }

  async openAdvice() {
    this.advice.open();
    show("advice");
    byId("advice-heading").focus();
  }

  async openCall() {
    await this.call.open();
    show("call");
    byId("call-heading").focus();
  }
}
