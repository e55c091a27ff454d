// @ts-check
/** *People on this phone*: who shares it, how one more is added, and how somebody leaves it. */
import { byId } from "../shell/find.js";
import { counted, word } from "../shell/words.js";
import { whoIsHere } from "../vault/people.js";
import { countOf } from "./notices.js";
import { addPerson, CannotShare, leaves, MOST_LETTERS } from "./roster.js";
import { start } from "./switching.js";

/** @typedef {import("./others.js").Standing} Standing */

export class Sharing {
  /** Who is asked about. @type {Pick<Standing, "store" | "name"> | null} */
  #leaving = null;
  /** @type {Standing[]} */
  #people = [];

  /**
   * @param {import("./this-phone.js").Rooms} rooms
   * @param {import("./others.js").Others} others
   * @param {() => void} changed
   */
  constructor(rooms, others, changed) {
    this.rooms = rooms;
    this.others = others;
    this.changed = changed;
    byId("share").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    byId("leave-yes").addEventListener("click", () => this.#remove());
    byId("leave-no").addEventListener("click", () => this.#ask(null));
  }

  /** @param {Standing[]} others @param {number} waiting of whoever is logging on this page */
  async show(others, waiting) {
    const here = this.rooms.vault.name;
    const { people } = whoIsHere();
    this.#people = people.flatMap((person) => {
      if (person.store !== here) return others.filter(({ store }) => store === person.store);
      return [{ ...person, waiting, unfinished: 0, enrolled: true, notices: [] }];
    });
    byId("sharing").hidden = people.length < 2;
    byId("share-first-field").hidden = people.length > 0;
    byId("add-person").hidden = !this.rooms.trust.keys;
    byId("sharing-list").replaceChildren(...this.#people.map((one) => this.#line(one)));
    for (const { store, name, notices } of others) showCount(store, name, countOf(notices));
  }

  /** @param {Standing} person */
  #line(person) {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    name.textContent = person.name;
    const said = document.createElement("span");
    said.textContent = this.#wordsOf(person).join(" · ");
    item.append(name, said);
    if (!person.leaving) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "entries__fix";
      button.textContent = word("leave.open");
      button.setAttribute("aria-label", word("leave.open-which", { name: person.name }));
      button.addEventListener("click", () => this.#ask(person));
      item.append(button);
    }
    return item;
  }

  /** @param {Standing} person */
  #wordsOf({ store, waiting, leaving, enrolled }) {
    const waits = counted("sharing.waiting", waiting);
    return [
      ...(store === this.rooms.vault.name ? [word("sharing.here")] : []),
      ...(enrolled ? [] : [word("sharing.not-added")]),
      ...(leaving ? [word("sharing.leaving")] : []),
      waiting > 0 ? waits : word("sharing.nothing"),
    ];
  }

  /** @param {Standing | null} person */
  #ask(person) {
    this.#leaving = person;
    byId("leave-ask").hidden = !person;
    if (!person) return;
    const { name, waiting, unfinished, enrolled } = person;
    byId("leave-heading").textContent = word("leave.ask", { name });
    const waits = waiting > 0 || unfinished > 0;
    // Without being added nobody can send, and nobody could add them any more.
    const stuck = waits && !enrolled;
    byId("leave-warning").replaceChildren(
      ...[
        ...(waiting > 0 && !stuck ? [counted("leave.waiting", waiting)] : []),
        ...(unfinished > 0 && !stuck ? [counted("leave.unfinished", unfinished)] : []),
        word(stuck ? "leave.stuck" : "leave.then"),
      ].map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
    byId("leave-yes").hidden = stuck;
    byId("leave-heading").focus();
  }

  async #remove() {
    const person = this.#leaving;
    this.#ask(null);
    if (!person) return;
    const { vault, clock, keeping } = this.rooms;
    if (person.store !== vault.name) {
      const found = (await this.others.vaults()).find(({ name }) => name === person.store);
      if (found) await leaves(found, clock.now());
      return this.changed();
    }
    if (!(await keeping.handOver())) return this.#problem("leave.open-entry");
    await leaves(vault, clock.now());
    start(whoIsHere().here);
  }

  async #add() {
    const { people } = whoIsHere();
    const first = typed("share-first");
    const name = typed("share-name");
    const names = [...(people.length > 0 ? people.map((one) => one.name) : [first]), name];
    byId("share-problem").hidden = true;
    if (names.some((one) => one === "" || one.length > MOST_LETTERS)) {
      return this.#problem("share.no-name");
    }
    const different = new Set(names.map((one) => one.toLowerCase()));
    if (different.size < names.length) return this.#problem("share.same-name");
    if (!(await this.rooms.keeping.handOver())) return this.#problem("leave.open-entry");
    try {
      await addPerson(this.rooms, { first, name });
      start(whoIsHere().here);
    } catch (error) {
      this.#problem(error instanceof CannotShare ? "share.cannot" : "share.failed");
    }
  }

  /** @param {string} key */
  #problem(key) {
    byId("share-problem").textContent = word(key);
    byId("share-problem").hidden = false;
  }
}

/** On the switch: that something is there for them, and no word of it. @param {string} store @param {string} name @param {number} count */
function showCount(store, name, count) {
  const button = document.querySelector(`#people-list [data-store="${store}"]`);
  if (!(button instanceof HTMLElement)) return;
  button.dataset.count = count > 0 ? String(count) : "";
  if (count > 0) button.setAttribute("aria-label", counted("sharing.notices", count, { name }));
  else button.removeAttribute("aria-label");
}

/** @param {string} id */
const typed = (id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();
