// @ts-check
/**
 * Tells the record of stores that are gone with their keys: nobody else could. Where the key is
 * still there the gap in the chain says it.
 *
 * Promises: told again until a ledger has it, and whenever what is held is named, because one that
 * was put back has forgotten; numbers only, and nothing in here can make a hello that is refused.
 */
import { fromText } from "../vault/bytes.js";
import { keepLost, lostDevices } from "../vault/vanished.js";

const MOST_SEQ = 2 ** 32;
const MOST_WAITING = 2 ** 31;

/** @typedef {import("../vault/vanished.js").Lost} Lost */

/**
 * What the hello of this device has to tell.
 * @param {string} store
 * @param {string} device
 * @param {boolean} again what it has told before, too
 */
export function toTell(store, device, again) {
  return lostDevices(store)
    .filter((one) => one.device !== device && isSound(one))
    .filter(({ told }) => !told || (again && told === device))
    .map(({ device: gone, seq, waiting }) => ({ device: gone, seq, waiting }));
}

/**
 * The ledger has what this device said of these.
 * @param {string} store
 * @param {string} device
 * @param {string[]} noted
 */
export function noteTold(store, device, noted) {
  if (noted.length === 0) return;
  const mark = (/** @type {Lost} */ one) =>
    noted.includes(one.device) ? { ...one, told: device } : one;
  keepLost(store, lostDevices(store).map(mark));
}

/** Somebody else's text may stand in that place. @param {Lost} one */
function isSound({ device, seq, waiting }) {
  try {
    fromText(device, 32);
  } catch {
    return false;
  }
  return isCount(seq, MOST_SEQ) && isCount(waiting, MOST_WAITING);
}

/** @param {unknown} n @param {number} end */
const isCount = (n, end) => Number.isSafeInteger(n) && Number(n) >= 0 && Number(n) < end;
