// @ts-check
/** *Call*: the organisation's directory, there without signal; a tap dials. */
import { byId } from "../shell/find.js";
import { language, word } from "../shell/words.js";
import { readCalls } from "./calls.js";
import { numberLink } from "./dial.js";
import { grouped, listed, search } from "./finding.js";
import { toggled } from "./placing.js";

/** @typedef {import("./finding.js").Callable} Callable */

export class CallScreen {
  #typed = /** @type {HTMLInputElement} */ (byId("call-search"));
  /** @type {string[]} */
  #favourites = [];

  /**
   * @param {import("./help.js").Rooms} rooms
   * @param {(call: import("./calls.js").Call) => void} called
   */
  constructor(rooms, called) {
    this.rooms = rooms;
    this.called = called;
    this.#typed.addEventListener("input", () => this.show());
  }

  open() {
    this.#typed.value = "";
    return this.show();
  }

  async show() {
    const { trust, vault } = this.rooms;
    const all = listed(trust.directory, language());
    const people = all.filter((one) => one.number);
    const calls = await readCalls(await vault.db());
    const listedFirst = trust.directory?.favourites ?? [];
    this.#favourites = calls.favourites ?? listedFirst.filter((code) => numbered(people, code));
    const typed = this.#typed.value.trim();
    const found = search(people, typed);
    /** @type {import("./finding.js").Group[]} */
    const groups = typed
      ? [{ heading: "found", people: found }]
      : grouped(people, this.#favourites, calls.used);
    byId("call-groups").replaceChildren(...groups.flatMap((group) => this.#group(group)));
    byId("call-none").textContent = whyNone(all, found, typed);
  }

  /** @param {import("./finding.js").Group} group */
  #group({ heading, people }) {
    const name = document.createElement("h3");
    name.id = `call-${heading}`;
    name.textContent = word(`call.${heading}`);
    const list = document.createElement("ul");
    list.setAttribute("role", "list");
    list.setAttribute("aria-labelledby", name.id);
    list.append(...people.map((one) => this.#line(one)));
    return people.length > 0 ? [name, list] : [];
  }

  /** @param {Callable} one */
  #line(one) {
    const item = document.createElement("li");
    item.className = "dial";
    const link = numberLink(one);
    link.addEventListener("click", () =>
      this.called({ code: one.code, at: this.rooms.clock.now(), follows: "" }),
    );
    item.append(link, this.#star(one));
    return item;
  }

  /** @param {Callable} one */
  #star({ code, label }) {
    const star = document.createElement("button");
    star.type = "button";
    star.className = "dial__star";
    star.dataset.code = code;
    star.setAttribute("aria-pressed", String(this.#favourites.includes(code)));
    star.setAttribute("aria-label", word("call.favourite", { recipient: label }));
    star.addEventListener("click", async () => {
      await toggled(await this.rooms.vault.db(), code, this.#favourites);
      await this.show();
      document.querySelector(/** @type {"button"} */ (`.dial__star[data-code="${code}"]`))?.focus();
    });
    return star;
  }
}

/** @param {Callable[]} people @param {string} code */
const numbered = (people, code) => people.some((one) => one.code === code);

/** @param {Callable[]} all @param {Callable[]} found @param {string} typed */
function whyNone(all, found, typed) {
  if (found.length > 0) return "";
  if (all.length === 0) return word("call.no-directory");
  const without = search(all, typed)[0];
  return without ? word("call.no-number", { recipient: without.label }) : word("call.nobody");
}
