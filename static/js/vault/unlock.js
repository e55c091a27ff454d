// @ts-check
/**
 * The phone's own reading pair: made when a passphrase is set, its private half kept only wrapped.
 *
 * Promises: without the passphrase or the phone's own lock nothing that was kept can be opened;
 * forgetting it costs these copies and nothing else; tries are counted before they are made.
 */
import * as hpke from "hpke";
import { join, owned, same, utf8 } from "./bytes.js";
import { copyInfo, readingKeyId } from "./reading.js";
import { unpack } from "./unpack.js";

export const FEWEST_ROUNDS = 600_000;
const LEAST_MS = 500;
const MOST_ROUNDS = 20_000_000;
export const FEWEST_CHARACTERS = 12;
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 5_000;
export const MOST_WAIT_MS = 15 * 60 * 1000;
const ENCAPSULATED_BYTES = 65;
const SUITE = new hpke.CipherSuite(
  hpke.KEM_DHKEM_P256_HKDF_SHA256,
  hpke.KDF_HKDF_SHA256,
  hpke.AEAD_AES_256_GCM,
);

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./reading.js").ReadingKey} ReadingKey
 * @typedef {{now: () => number, monotonic: () => number,
 *   bytes: (n: number) => Uint8Array<ArrayBuffer>}} Clock
 * @typedef {{nonce: Uint8Array, wrapped: Uint8Array}} Wrap
 */

/** Too short, or a PIN. */
export class WeakPassphrase extends Error {}
/** It does not open the reading key. */
export class WrongPassphrase extends Error {}
/** Too many wrong ones: not before `until`. */
export class WaitFirst extends Error {
  /** @param {number} until */
  constructor(until) {
    super("wait");
    this.until = until;
  }
}

/** The reading key in hand: opens copies until it is locked. */
export class Unlocked {
  #raw;
  /** @type {ReturnType<typeof pairOf> | null} */
  #pair;

  /** @param {ReadingKey} key @param {Uint8Array} raw the private half */
  constructor(key, raw) {
    this.key = key;
    this.#raw = raw;
    this.#pair = pairOf(key, raw);
    this.#pair.catch(() => {}); // met where it is used
  }

  /**
   * What a copy says.
   * @param {number} what
   * @param {Uint8Array} entry
   * @param {Uint8Array} sealed
   */
  async open(what, entry, sealed) {
    if (!this.#pair) throw new Error("locked");
    const plain = await SUITE.Open(
      await this.#pair,
      sealed.slice(0, ENCAPSULATED_BYTES),
      sealed.slice(ENCAPSULATED_BYTES),
      { info: copyInfo(what, entry, this.key.id) },
    );
    return JSON.parse(await unpack(plain));
  }

  /** The private half under a second key. @param {CryptoKey} wrapping @param {Uint8Array<ArrayBuffer>} nonce */
  wrapUnder(wrapping, nonce) {
    if (!this.#pair) throw new Error("locked");
    return wrap(wrapping, nonce, this.key, this.#raw);
  }

  lock() {
    this.#raw.fill(0);
    this.#pair = null;
  }
}

/** @param {ReadingKey} key @param {Uint8Array} raw */
async function pairOf(key, raw) {
  const [publicKey, privateKey] = await Promise.all([
    SUITE.DeserializePublicKey(key.public),
    SUITE.DeserializePrivateKey(raw.slice(), false),
  ]);
  return { publicKey, privateKey };
}

/** A phrase is compared as it sounds, not as one keyboard composes it. @param {string} text */
const plainPhrase = (text) => text.normalize("NFKC").trim().replaceAll(/\s+/g, " ");

/** @param {string} text */
export function strongEnough(text) {
  const phrase = plainPhrase(text);
  // Digits alone are a PIN, however long; a few symbols repeated are none the longer for it.
  const letters = /\p{L}/u.test(phrase);
  return [...phrase].length >= FEWEST_CHARACTERS && letters && new Set(phrase).size >= 5;
}

/**
 * A new pair under a new passphrase. Whatever an earlier pair could open is gone with it.
 * @param {Database} db
 * @param {string} passphrase
 * @param {Clock} clock
 */
export async function setPassphrase(db, passphrase, clock) {
  if (!strongEnough(passphrase)) throw new WeakPassphrase();
  const pair = await SUITE.GenerateKeyPair(true);
  const publicKey = await SUITE.SerializePublicKey(pair.publicKey);
  const raw = await SUITE.SerializePrivateKey(pair.privateKey);
  const key = { id: await readingKeyId(publicKey), public: publicKey };
  const unlocked = new Unlocked(key, raw);
  const kept = await wrapFor(unlocked, passphrase, clock);
  const tx = db.transaction(["reading", "copies", "unfinished"], "readwrite", {
    durability: "strict",
  });
  const reading = tx.objectStore("reading");
  reading.clear();
  reading.put(key, "key");
  reading.put(kept, "passphrase");
  tx.objectStore("copies").clear();
  const unfinished = tx.objectStore("unfinished");
  for (const row of await unfinished.getAll()) {
    if (row.copy) unfinished.put({ ...row, copy: null });
  }
  await tx.done;
  return unlocked;
}

/**
 * The same pair under another passphrase, while it is unlocked: what could be opened can be opened
 * still, and the phone's own lock stays a way to it.
 * @param {Database} db
 * @param {Unlocked} unlocked
 * @param {string} passphrase
 * @param {Clock} clock
 */
export async function changePassphrase(db, unlocked, passphrase, clock) {
  if (!strongEnough(passphrase)) throw new WeakPassphrase();
  const kept = await wrapFor(unlocked, passphrase, clock);
  const tx = db.transaction("reading", "readwrite", { durability: "strict" });
  const key = await tx.store.get("key");
  // In another tab a new pair may have been made: a wrap of this one would lock it out.
  const ours = key && same(key.id, unlocked.key.id);
  if (ours) {
    tx.store.put(kept, "passphrase");
    tx.store.delete("tries");
  }
  await tx.done;
  if (!ours) throw new Error("another pair stands there");
}

/** @param {Unlocked} unlocked @param {string} passphrase @param {Clock} clock */
async function wrapFor(unlocked, passphrase, clock) {
  const salt = clock.bytes(16);
  const rounds = await calibrated(clock);
  const nonce = clock.bytes(12);
  const wrapping = await stretched(passphrase, salt, rounds);
  return { salt, rounds, nonce, wrapped: await unlocked.wrapUnder(wrapping, nonce) };
}

/**
 * @param {Database} db
 * @param {string} passphrase
 * @param {Clock} clock
 */
export async function unlock(db, passphrase, clock) {
  const [key, kept] = await Promise.all([
    db.get("reading", "key"),
    db.get("reading", "passphrase"),
  ]);
  await countTry(db, clock.now());
  const wrapping = await stretched(passphrase, kept.salt, kept.rounds);
  const raw = await unwrap(wrapping, key, kept);
  if (!raw) throw new WrongPassphrase();
  await db.delete("reading", "tries");
  return new Unlocked(key, raw);
}

/** Counted before it is made: ending the app in between gives no free one. @param {Database} db @param {number} now */
async function countTry(db, now) {
  const tx = db.transaction("reading", "readwrite", { durability: "strict" });
  const { count, until } = (await tx.store.get("tries")) ?? { count: 0, until: 0 };
  // A clock that was put back must not shut anybody out for longer than the longest wait.
  const shut = now < until && until - now <= MOST_WAIT_MS;
  if (!shut) {
    const over = count + 1 - FREE_TRIES;
    const wait = over < 0 ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** over);
    tx.store.put({ count: count + 1, until: now + wait }, "tries");
  }
  await tx.done;
  if (shut) throw new WaitFirst(until);
}

/** As many rounds as take half a second here, and never fewer than the least. @param {Clock} clock */
export async function calibrated(clock) {
  const from = clock.monotonic();
  await stretched("calibration", clock.bytes(16), FEWEST_ROUNDS);
  const took = Math.max(1, clock.monotonic() - from);
  const rounds = Math.ceil((FEWEST_ROUNDS * LEAST_MS) / took);
  return Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, rounds));
}

/** @param {string} passphrase @param {Uint8Array<ArrayBuffer>} salt @param {number} rounds */
async function stretched(passphrase, salt, rounds) {
  const phrase = utf8(plainPhrase(passphrase));
  const base = await crypto.subtle.importKey("raw", phrase, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** @param {ReadingKey} key */
const bound = (key) => join(utf8("sharelog/1/reading-wrap"), key.public);

/** @param {CryptoKey} wrapping @param {Uint8Array<ArrayBuffer>} nonce @param {ReadingKey} key @param {Uint8Array} raw */
async function wrap(wrapping, nonce, key, raw) {
  const how = { name: "AES-GCM", iv: nonce, additionalData: bound(key) };
  return new Uint8Array(await crypto.subtle.encrypt(how, wrapping, owned(raw)));
}

/** The private half, or null when this is not the key it was wrapped under. @param {CryptoKey} wrapping @param {ReadingKey} key @param {Wrap} kept */
export async function unwrap(wrapping, key, { nonce, wrapped }) {
  const how = { name: "AES-GCM", iv: owned(nonce), additionalData: bound(key) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, wrapping, owned(wrapped)));
  } catch {
    return null;
  }
}
