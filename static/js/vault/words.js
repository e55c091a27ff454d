// @ts-check
/** The eight words by which two people compare a root over the phone (protocol section 1). */

/** @param {Uint8Array} fingerprint @returns {Promise<string[]>} */
export async function eightWords(fingerprint) {
  const { wordlist } = await import("@scure/bip39/wordlists/english.js");
  let bits = 0n;
  for (const byte of fingerprint.subarray(0, 11)) bits = (bits << 8n) | BigInt(byte);
  return Array.from(
    { length: 8 },
    (_, i) => wordlist[Number((bits >> BigInt(77 - 11 * i)) & 2047n)],
  );
}
