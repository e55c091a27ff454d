// @ts-check
/**
 * The list of who shares this phone: they come with a store of their own that believes the same
 * organisation, and go with everything in it.
 *
 * Promises: nobody is put on the list whom this browser cannot keep apart; a list that was lost is
 * found again from the stores.
 */
import { NAME, Vault } from "../vault/database.js";
import { openDevice } from "../vault/device.js";
import { remember } from "../vault/outside.js";
import { PEOPLE, whoIsHere } from "../vault/people.js";
import { undisturbed } from "./leaving.js";

export const MOST_LETTERS = 12;
/** Whom the phone believes; what is known of a person is not among it. */
const TRUSTED = ["pin", "serial", "keys", "directory"];
/** Where a store says what its person is called on this phone. */
const CALLED = "called";
/** Over all tabs, one change of the stores behind the list at a time. */
const LOCK = "sharelog-roster";

/** @typedef {import("../vault/people.js").Person} Person */

/** This browser cannot keep several people apart. */
export class CannotShare extends Error {}

/**
 * Put one more person on the list and let them be who logs next.
 * @param {{vault: Vault, device: import("../vault/device.js").Device}} first who is here now
 * @param {{first: string, name: string}} called
 */
export const addPerson = (first, called) => undisturbed(LOCK, () => add(first, called));

/** @param {Parameters<typeof addPerson>[0]} first @param {Parameters<typeof addPerson>[1]} called */
async function add({ vault, device }, { first, name }) {
  if (!device.kept) throw new CannotShare("no keys");
  const { people } = whoIsHere();
  const list = people.length > 0 ? people : [{ store: vault.name, name: first }];
  const store = await freeStore(list);
  const fresh = new Vault(store);
  try {
    const db = await vault.db();
    const rows = await Promise.all(TRUSTED.map((key) => db.get("trust", key)));
    const tx = (await fresh.db()).transaction(["trust", "device"], "readwrite", {
      durability: "strict",
    });
    for (const [i, key] of TRUSTED.entries()) {
      if (rows[i] !== undefined) tx.objectStore("trust").put(rows[i], key);
    }
    tx.objectStore("device").put(name, CALLED);
    await tx.done;
    if (!(await openDevice(fresh)).kept) throw new CannotShare("no keys");
    if (people.length === 0) await db.put("device", first, CALLED);
  } finally {
    await fresh.close();
  }
  remember(PEOPLE, { here: store, people: [...list, { store, name }] });
  if (whoIsHere().here !== store) throw new CannotShare("no list");
}

/** The first store that nobody has anything in. @param {Person[]} people */
async function freeStore(people) {
  for (let n = 1; ; n++) {
    const store = n === 1 ? NAME : `${NAME}-${n}`;
    if (people.some((one) => one.store === store)) continue;
    const vault = new Vault(store);
    try {
      const db = await vault.db();
      const [key, events] = await Promise.all([db.getKey("device", "signing"), db.count("events")]);
      if (key === undefined && events === 0) return store;
    } finally {
      await vault.close();
    }
  }
}

/** Nothing more is logged as them; what waits is still sent. @param {Vault} vault @param {number} now */
export async function leaves(vault, now) {
  await (await vault.db()).put("trust", { at: now }, "removed");
  const { here, people } = whoIsHere();
  const marked = people.map((one) => (one.store === vault.name ? { ...one, leaving: true } : one));
  remember(PEOPLE, { here, people: marked });
}

/** Take the place of an emptied store off the list. @param {Vault} vault */
export const forget = (vault) =>
  undisturbed(LOCK, async () => {
    const db = await vault.db();
    const [called, events] = await Promise.all([db.get("device", CALLED), db.count("events")]);
    await vault.close();
    // Another tab was faster, and somebody else has come into this place since.
    if (called !== undefined || events > 0) return;
    const { here, people } = whoIsHere();
    remember(PEOPLE, { here, people: people.filter(({ store }) => store !== vault.name) });
    // Nobody waits for a tab that still has it open: it is empty already.
    indexedDB.deleteDatabase(vault.name);
  });

/** People whose stores are here though the list does not name them: they are put back. */
export async function findLost() {
  const { here, people } = whoIsHere();
  const there = (await indexedDB.databases?.()) ?? [];
  const stores = there
    .map(({ name = "" }) => name)
    .filter((name) => name === NAME || /^sharelog-\d+$/.test(name))
    .filter((name) => !people.some(({ store }) => store === name));
  const lost = (await Promise.all(stores.map(whose))).flatMap((one) => (one ? [one] : []));
  if (lost.length === 0) return false;
  const all = [...people, ...lost].sort((one, other) => (one.store < other.store ? -1 : 1));
  remember(PEOPLE, { here, people: all });
  return true;
}

/** @param {string} store @returns {Promise<Person | null>} */
async function whose(store) {
  const vault = new Vault(store);
  try {
    const db = await vault.db();
    const [name, removed] = await Promise.all([
      db.get("device", CALLED),
      db.get("trust", "removed"),
    ]);
    if (typeof name !== "string") return null;
    return removed ? { store, name, leaving: true } : { store, name };
  } finally {
    await vault.close();
  }
}
