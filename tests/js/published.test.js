// @ts-check
/** Published vectors, put to what this phone signs, checks and seals with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as noble from "@panva/hpke-noble";
import * as hpke from "hpke";
import { signedBy } from "../../static/js/vault/device.js";
import { KEM_MLKEM768_X25519 } from "../../static/js/vault/noble.js";
import { hex, unhex, vectors } from "./vectors.js";

const published = vectors("published");
/** By suite; the second is what the phone takes where the browser has no ML-KEM. @type {any} */
const KEMS = { 1: hpke.KEM_DHKEM_P256_HKDF_SHA256, 2: KEM_MLKEM768_X25519 };
/** @type {any} */
const AEADS = { 1: hpke.AEAD_AES_128_GCM, 3: noble.AEAD_ChaCha20Poly1305 };

for (const one of published.hpke.cases) {
  test(`published seal, ${one.name}: opens, and its key is the one that is said`, async () => {
    const suite = new hpke.CipherSuite(KEMS[one.suite], hpke.KDF_HKDF_SHA256, AEADS[one.aead]);
    const key = await suite.DeserializePrivateKey(unhex(one.private), true);
    const [enc, info] = [unhex(one.enc), unhex(one.info)];
    const recipient = await suite.SetupRecipient(key, enc, { info });
    const plain = await recipient.Open(unhex(one.sealed), unhex(one.aad));
    assert.equal(hex(plain), one.plain);
    const wrong = await suite.SetupRecipient(key, enc, { info: unhex("00") });
    await assert.rejects(async () => wrong.Open(unhex(one.sealed), unhex(one.aad)));
  });
}

for (const one of published.aes_256_gcm.cases) {
  test(`published AES-256-GCM, ${one.name}`, async () => {
    const suite = hpke.AEAD_AES_256_GCM();
    const [key, nonce, bound, sealed] = ["key", "nonce", "bound", "sealed"].map((name) =>
      unhex(one[name]),
    );
    if (one.plain === null) {
      return assert.rejects(async () => suite.Open(key, nonce, bound, sealed));
    }
    assert.equal(hex(await suite.Open(key, nonce, bound, sealed)), one.plain);
    assert.equal(hex(await suite.Seal(key, nonce, bound, unhex(one.plain))), one.sealed);
  });
}

for (const one of published.ecdsa_p256_verify.cases) {
  test(`published signature, ${one.name}`, async () => {
    const [key, signature, message] = ["public", "signature", "message"].map((name) =>
      unhex(one[name]),
    );
    assert.equal(await signedBy(key, signature, message), one.good);
  });
}

test("a published signature of RFC 6979 holds, mirrored too, and nothing near it does", async () => {
  const { public: raw, cases } = published.ecdsa_p256_sign;
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const number = (/** @type {bigint} */ value) => value.toString(16).padStart(64, "0");
  for (const one of cases) {
    const [r, s] = [one.signature.slice(0, 64), one.signature.slice(64)];
    const mirrored = r + number(n - BigInt(`0x${s}`));
    const holds = (/** @type {string} */ text) =>
      signedBy(unhex(raw), unhex(text), unhex(one.message));
    assert.ok(await holds(r + s));
    assert.ok(await holds(mirrored));
    const [zero, all] = ["0".repeat(64), "f".repeat(64)];
    const others = [
      s + r,
      zero + s,
      r + zero,
      zero + zero,
      r + number(n),
      number(n) + s,
      all + all,
    ];
    for (const other of others) assert.ok(!(await holds(other)), other);
    assert.ok(!(await holds(r + s.slice(2))));
    assert.ok(!(await holds(`${r + s}00`)));
  }
});
