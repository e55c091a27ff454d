// @ts-check
/** The visible switch: who is logging on this page, where several people share the phone. */
import { whoIsHere } from "../vault/people.js";
import { byId } from "./find.js";
import { Room } from "./rooms.js";

export class Switch {
  /** @type {Room<import("../phone/switching.js").Switching>} */
  #room;

  /** @param {string} here whose page this is @param {import("../phone/switching.js").Form} form */
  constructor(here, form) {
    this.here = here;
    this.#room = new Room(async () => {
      const { Switching } = await import("../phone/switching.js");
      return new Switching(here, form);
    });
    this.show();
  }

  show() {
    const people = whoIsHere().people.filter(({ leaving }) => !leaving);
    byId("people").hidden = people.length < 2;
    byId("people-list").replaceChildren(
      ...people.map(({ store, name }) => {
        const button = document.createElement("button");
        button.className = "chip";
        button.textContent = name;
        button.dataset.store = store;
        button.setAttribute("aria-pressed", String(store === this.here));
        button.addEventListener("click", () => this.#room.enter((room) => room.to(store)));
        return button;
      }),
    );
  }
}
