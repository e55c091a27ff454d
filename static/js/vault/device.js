// @ts-check
/**
 * This phone's signing key: made at the first visit, never leaves the browser.
 *
 * It proves that the same phone speaks again. It is not a person's signature: who logged an entry
 * is confirmed later, at the record.
 */
import { owned, sha256, toText } from "./bytes.js";

/** @typedef {{id: Uint8Array, name: string, public: Uint8Array, kept: boolean,
 *   sign: (message: Uint8Array) => Promise<Uint8Array>}} Device */

const ES256 = { name: "ECDSA", hash: "SHA-256" };

/** @param {import("./database.js").Vault} vault @returns {Promise<Device>} */
export async function openDevice(vault) {
  const db = await vault.db();
  const known = await db.get("device", "signing");
  if (known) return asDevice(known, true);
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const made = { key: pair.privateKey, public: raw };
  try {
    // Two tabs of a first visit may both get here: the first one's key is everybody's.
    const tx = db.transaction("device", "readwrite", { durability: "strict" });
    const first = await tx.store.get("signing");
    if (!first) await tx.store.put(made, "signing");
    await tx.done;
    return asDevice(first ?? made, true);
  } catch {
    // Some browsers cannot store keys. Logging still works while this page is open.
    return asDevice(made, false);
  }
}

/** @param {{key: CryptoKey, public: Uint8Array}} stored @param {boolean} kept @returns {Promise<Device>} */
async function asDevice(stored, kept) {
  const id = await sha256(stored.public);
  return {
    id,
    name: toText(id),
    public: stored.public,
    kept,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign(ES256, stored.key, owned(message))),
  };
}

/** Whether `signature` (64 bytes r‖s) over `message` is by this raw public key. @param {Uint8Array} publicKey @param {Uint8Array} signature @param {Uint8Array} message */
export async function signedBy(publicKey, signature, message) {
  if (signature.length !== 64 || publicKey.length !== 65) return false;
  try {
    const key = await crypto.subtle.importKey(
      "raw",
      owned(publicKey),
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["verify"],
    );
    return await crypto.subtle.verify(ES256, key, owned(signature), owned(message));
  } catch {
    return false; // not a point on the curve: nobody's signature
  }
}
