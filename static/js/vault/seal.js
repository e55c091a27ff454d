// @ts-check
/**
 * Seals for the record and for nobody else (docs/protocol.md section 3.2).
 *
 * A seal is made ready while the person types, so that at *Log it* only AES-GCM is left to do.
 * One seal seals one message.
 */
import * as hpke from "hpke";
import { join } from "./bytes.js";
import { sealInfo } from "./event.js";

/**
 * @typedef {{suite: number, id: Uint8Array, public: Uint8Array}} RecordKey
 * @typedef {{suite: number, entry: Uint8Array, recordKey: Uint8Array,
 *   close: (plain: Uint8Array) => Promise<Uint8Array>}} ReadySeal
 */

let nativeFails = false;

/** Whether this browser has been found to need the fallback. */
export const needsFallback = () => nativeFails;

/**
 * Make a seal ready for one event of this device about this entry.
 * @param {RecordKey} key
 * @param {Uint8Array} device
 * @param {Uint8Array} entry
 * @returns {Promise<ReadySeal>}
 */
export async function readySeal(key, device, entry) {
  const close = await readyFor(key, sealInfo(key.suite, device, entry, key.id));
  return { suite: key.suite, entry, recordKey: key.id, close };
}

/**
 * What closes one message for the holder of a key, and only one.
 * @param {RecordKey} key
 * @param {Uint8Array} info
 * @returns {Promise<(plain: Uint8Array) => Promise<Uint8Array>>}
 */
export async function readyFor(key, info) {
  const { encapsulatedSecret, ctx } = await sender(key, info);
  let used = false;
  return async (plain) => {
    // A second message under one context could not be opened by a single-shot reader.
    if (used) throw new Error("this seal was used");
    used = true;
    return join(encapsulatedSecret, await ctx.Seal(plain));
  };
}

/** @param {RecordKey} key @param {Uint8Array} info */
async function sender(key, info) {
  if (key.suite === 1) return setUp(hpke.KEM_DHKEM_P256_HKDF_SHA256, key, info);
  if (key.suite !== 2) throw new Error("unknown suite");
  if (!nativeFails) {
    try {
      // The only probe that cannot lie is the thing itself.
      return await setUp(hpke.KEM_MLKEM768_X25519, key, info);
    } catch {
      // Browsers without ML-KEM say so in many ways; a key that is wrong fails below as well.
      nativeFails = true;
    }
  }
  const noble = await import("./noble.js");
  return setUp(noble.KEM_MLKEM768_X25519, key, info);
}

/** @param {hpke.KEMFactory<any>} kem @param {RecordKey} key @param {Uint8Array} info */
async function setUp(kem, key, info) {
  const suite = new hpke.CipherSuite(kem, hpke.KDF_HKDF_SHA256, hpke.AEAD_AES_256_GCM);
  return suite.SetupSender(await suite.DeserializePublicKey(key.public), { info });
}
