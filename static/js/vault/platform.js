// @ts-check
/**
 * The phone's own lock (fingerprint, face or its code) as a second way to the reading key, by the
 * PRF extension of WebAuthn. It never replaces the passphrase.
 *
 * Promises: it is trusted only after it gave the same answer twice; when its answer changes, the
 * passphrase opens as before.
 */
import { owned, same, utf8 } from "./bytes.js";
import { Unlocked, unwrap } from "./unlock.js";

const TIMEOUT_MS = 60_000;
const PRF_BYTES = 32;

/** @typedef {import("./database.js").Database} Database */

/** This phone's lock cannot be used for this, or gave two answers. */
export class NoPlatform extends Error {}

/** Whether this phone may have such a lock. */
export async function mayHavePlatform() {
  const api = globalThis.PublicKeyCredential;
  try {
    return Boolean(await api?.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/**
 * @param {Database} db
 * @param {Unlocked} unlocked
 * @param {{bytes: (n: number) => Uint8Array<ArrayBuffer>}} clock
 * @param {string} name how the phone's own list of keys calls it
 */
export async function addPlatform(db, unlocked, clock, name) {
  const made = /** @type {PublicKeyCredential | null} */ (
    await navigator.credentials.create({
      publicKey: {
        challenge: clock.bytes(32),
        rp: { name },
        // Nobody's name: a found phone must not tell whose it is.
        user: { id: clock.bytes(16), name, displayName: name },
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -257 },
        ],
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          residentKey: "discouraged",
          userVerification: "required",
        },
        timeout: TIMEOUT_MS,
        extensions: { prf: {} },
      },
    })
  );
  if (!made) throw new NoPlatform("nothing was made");
  const credential = new Uint8Array(made.rawId);
  const salt = clock.bytes(32);
  const first = await evaluate(credential, salt, clock);
  const second = await evaluate(credential, salt, clock);
  if (!same(first, second)) throw new NoPlatform("two answers");
  const nonce = clock.bytes(12);
  const wrapped = await unlocked.wrapUnder(await keyFrom(first, salt), nonce);
  const tx = db.transaction("reading", "readwrite", { durability: "strict" });
  tx.store.put({ credential, salt, nonce, wrapped }, "platform");
  await tx.done;
}

/** @param {Database} db */
export const hasPlatform = async (db) => (await db.getKey("reading", "platform")) !== undefined;

/**
 * @param {Database} db
 * @param {{bytes: (n: number) => Uint8Array<ArrayBuffer>}} clock
 */
export async function unlockByPlatform(db, clock) {
  const [key, kept] = await Promise.all([db.get("reading", "key"), db.get("reading", "platform")]);
  if (!key || !kept) throw new NoPlatform("never added");
  const secret = await evaluate(kept.credential, kept.salt, clock);
  const raw = await unwrap(await keyFrom(secret, kept.salt), key, kept);
  if (!raw) throw new NoPlatform("another answer than before");
  return new Unlocked(key, raw);
}

/**
 * @param {Uint8Array} credential
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {{bytes: (n: number) => Uint8Array<ArrayBuffer>}} clock
 */
async function evaluate(credential, salt, clock) {
  const got = /** @type {PublicKeyCredential | null} */ (
    await navigator.credentials.get({
      publicKey: {
        challenge: clock.bytes(32),
        allowCredentials: [{ type: "public-key", id: owned(credential), transports: ["internal"] }],
        userVerification: "required",
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    })
  );
  const first = got?.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new NoPlatform("no PRF");
  const bytes = new Uint8Array(/** @type {ArrayBuffer} */ (first));
  if (bytes.length !== PRF_BYTES) throw new NoPlatform("no PRF");
  return bytes;
}

/** @param {Uint8Array} secret @param {Uint8Array<ArrayBuffer>} salt */
async function keyFrom(secret, salt) {
  const base = await crypto.subtle.importKey("raw", owned(secret), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: utf8("sharelog/1/reading-platform") },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}
