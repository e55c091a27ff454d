// @ts-check
/**
 * Entries that somebody was interrupted in: each can be sent as it is, binned, or, where there is
 * a copy to unlock, gone on with.
 */
import { byId } from "../shell/find.js";
import { counted, dayAndTime, word } from "../shell/words.js";
import { fromText } from "../vault/bytes.js";
import { ADDITION, CAPTURE } from "../vault/event.js";
import { save } from "../vault/save.js";
import { dropUnfinished, Owner } from "../vault/unfinished.js";

const ENTRY_BYTES = 16;

/**
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   device: import("../vault/device.js").Device, clock: import("../shell/clock.js").Clock,
 *   goOn: (row: Unfinished) => Promise<void>, sent: () => void, gone: () => void}} Rooms
 */

/**
 * A new header on the old sealed bytes: needs no key but the signing one.
 * @param {Pick<Rooms, "vault" | "device" | "clock">} rooms
 * @param {Unfinished} row
 */
export function sendAsItIs({ vault, device, clock }, row) {
  const at = clock.now();
  const { suite, recordKey, sealed, fixes } = row;
  const entry = fromText(fixes ?? row.entry, ENTRY_BYTES);
  const kind = fixes ? ADDITION : CAPTURE;
  const event = { kind, suite, entry, recordKey, sealed, at, utcOffset: clock.offset(at) };
  return save(vault, device, event, { unfinished: row.entry });
}

/**
 * Do something with an entry that no other tab has, as it stands now; false when it is gone.
 * @param {Pick<Rooms, "vault">} rooms
 * @param {string} entry
 * @param {(row: Unfinished, db: import("../vault/database.js").Database) => Promise<unknown>} act
 */
export async function alone({ vault }, entry, act) {
  const owner = new Owner();
  try {
    if (!(await owner.hold(entry))) return false;
    const db = await vault.db();
    const row = await db.get("unfinished", entry);
    if (row) await act(row, db);
    return Boolean(row);
  } finally {
    owner.release();
  }
}

export class LeftEntries {
  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
  }

  /** @param {Unfinished[]} rows those that nobody has open */
  show(rows) {
    const list = byId("left-list");
    const now = this.rooms.clock.now();
    const standing = Array.from(list.children, (item) => /** @type {HTMLElement} */ (item));
    const before = new Map(standing.map((item) => [item.dataset.key, item]));
    const same = rows.length === before.size && rows.every((row) => before.has(keyOf(row)));
    // What somebody may be about to tap stays where it is.
    if (!same) {
      const items = rows.map((row, i) => before.get(keyOf(row)) ?? this.#item(row, i, now));
      list.replaceChildren(...items);
    }
    byId("left").hidden = rows.length === 0;
    byId("left-name").textContent = counted("left.some", rows.length);
    byId("left-hint").hidden = rows.every((row) => row.copy);
  }

  /** @param {Unfinished} row @param {number} i @param {number} now */
  #item(row, i, now) {
    const template = /** @type {HTMLTemplateElement} */ (byId("left-row"));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const item = /** @type {HTMLElement} */ (copy.firstElementChild);
    item.dataset.key = keyOf(row);
    const say = part(item, "say");
    say.id = `left-${i}-${row.entry}`;
    const time = dayAndTime(row.at, now);
    const logged = dayAndTime(row.logged ?? row.at, now);
    say.textContent = word(row.fixes ? "left.fix" : "left.from", { time, logged });
    const ask = part(item, "ask");
    const acts = part(item, "acts");
    /** @type {Record<string, () => void>} */
    const on = {
      continue: () => this.#act(item, () => this.rooms.goOn(row)),
      send: () => this.#act(item, () => this.#send(row)),
      bin: () => swap(acts, ask, "bin-no"),
      "bin-no": () => swap(ask, acts, "bin"),
      "bin-yes": () => this.#act(item, () => this.#bin(row)),
    };
    for (const [name, act] of Object.entries(on)) {
      const button = part(item, name);
      button.setAttribute("aria-describedby", say.id);
      button.addEventListener("click", act);
    }
    part(item, "continue").hidden = row.copy === null;
    return item;
  }

  /** @param {Unfinished} row */
  async #send(row) {
    await alone(this.rooms, row.entry, (now) => sendAsItIs(this.rooms, now));
    this.rooms.sent();
  }

  /** @param {Unfinished} row */
  async #bin(row) {
    await alone(this.rooms, row.entry, (now, db) => dropUnfinished(db, now.entry));
    this.rooms.gone();
  }

  /** @param {HTMLElement} item @param {() => Promise<void>} act */
  async #act(item, act) {
    if (item.dataset.busy) return;
    item.dataset.busy = "yes";
    const problem = part(item, "problem");
    problem.hidden = true;
    try {
      await act();
    } catch {
      problem.textContent = word("left.failed");
      problem.hidden = false;
    } finally {
      delete item.dataset.busy;
    }
  }
}

/** @param {Unfinished} row */
const keyOf = (row) => `${row.entry} ${row.at} ${row.copy !== null}`;

/** @param {HTMLElement} from @param {HTMLElement} to @param {string} focused */
function swap(from, to, focused) {
  from.hidden = true;
  to.hidden = false;
  part(to, focused).focus();
}

/** @param {HTMLElement} item @param {string} name @returns {HTMLElement} */
const part = (item, name) => /** @type {any} */ (item.querySelector(`[data-part="${name}"]`));
