// @ts-check
/** What helps before and around a share; loaded when it is asked for, and there without signal. */
import { byId } from "../shell/find.js";
import { show } from "../shell/screens.js";
import { AdviceScreen } from "./advice.js";
import { CallScreen } from "./call.js";

/**
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   trust: import("../vault/trust.js").Trust, clock: import("../shell/clock.js").Clock,
 *   away: () => void}} Rooms
 */

export class Help {
  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.advice = new AdviceScreen(rooms);
    this.call = new CallScreen(rooms, () => {});
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
