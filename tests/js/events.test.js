// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as noble from "@panva/hpke-noble";
import * as hpke from "hpke";
import { same, sha256 } from "../../static/js/vault/bytes.js";
import { signedBy } from "../../static/js/vault/device.js";
import {
  ADDITION,
  CAPTURE,
  headerBytes,
  lay,
  MalformedEvent,
  recordKeyId,
  sealInfo,
  signedBytes,
} from "../../static/js/vault/event.js";
import { pack, paddedLength, WrongPacking } from "../../static/js/vault/pack.js";
import { parse } from "../../static/js/vault/parsing.js";
import { readySeal } from "../../static/js/vault/seal.js";
import { unpack } from "../../static/js/vault/unpack.js";
import { hex, unhex, vectors } from "./vectors.js";

const good = vectors("events-good").cases;
const bad = vectors("events-bad").cases;
const ENCAPSULATED = { 1: 65, 2: 1120 };

/** @param {any} one the case @param {Uint8Array} sealed @param {Uint8Array} info */
async function openSealed(one, sealed, info) {
  const suite = new hpke.CipherSuite(
    one.suite === 2 ? noble.KEM_MLKEM768_X25519 : hpke.KEM_DHKEM_P256_HKDF_SHA256,
    hpke.KDF_HKDF_SHA256,
    hpke.AEAD_AES_256_GCM,
  );
  const key = await suite.DeserializePrivateKey(unhex(one.record_private), true);
  const length = ENCAPSULATED[/** @type {1 | 2} */ (one.suite)];
  return suite.Open(key, sealed.slice(0, length), sealed.slice(length), { info });
}

for (const one of good) {
  test(`good event, ${one.name}: the same bytes, id and signature`, async () => {
    const raw = unhex(one.event);
    const { header, sealed, signature } = parse(raw);
    assert.equal(hex(headerBytes(header)), one.event.slice(0, 220));
    assert.equal(header.at, BigInt(one.header.at));
    assert.equal(header.utcOffset, one.header.utc_offset);
    const message = await signedBytes(header, sealed);
    assert.equal(hex(await sha256(message)), one.id);
    assert.ok(await signedBy(unhex(one.device_public), signature, message));
    const laid = await lay(header, sealed, async () => signature);
    assert.ok(same(laid.bytes, raw));
    assert.equal(await unpack(unhex(one.packed)), one.plain);
    assert.equal(await unpack(await pack(one.plain)), one.plain);
  });

  if (one.suite === 0) continue;
  test(`good event, ${one.name}: opens, and what we seal opens too`, async () => {
    const { header, sealed } = parse(unhex(one.event));
    const info = sealInfo(header.suite, header.device, header.entry, header.recordKey);
    assert.equal(hex(info), one.info);
    assert.equal(hex(await openSealed(one, sealed, info)), one.packed);
    const id = await recordKeyId(one.suite, unhex(one.record_public));
    assert.equal(hex(id), one.header.record_key);
    const key = { suite: one.suite, id, public: unhex(one.record_public) };
    const seal = await readySeal(key, header.device, header.entry);
    const plain = await pack(one.plain);
    assert.ok(same(await openSealed(one, await seal.close(plain), info), plain));
    await assert.rejects(seal.close(plain));
  });
}

for (const one of bad) {
  test(`bad event, ${one.name}: ${one.reason}`, async () => {
    const raw = unhex(one.event);
    if (one.reason === "event.malformed") return assert.throws(() => parse(raw), MalformedEvent);
    const { header, sealed, signature } = parse(raw);
    const holds = await signedBy(
      unhex(one.device_public),
      signature,
      await signedBytes(header, sealed),
    );
    const itself = same(header.device, await sha256(unhex(one.device_public)));
    assert.equal(holds && itself, one.reason !== "signature.wrong");
    if (one.reason === "signature.wrong") return;
    assert.equal([CAPTURE, ADDITION].includes(header.kind), one.reason !== "event.kind");
    if (one.reason !== "cannot-be-opened") return;
    const info = sealInfo(header.suite, header.device, header.entry, header.recordKey);
    await assert.rejects(openSealed(one, sealed, info).then(unpack));
  });
}

test("the padding doubles its step and hides the length", () => {
  const expected = [
    [1, 64],
    [64, 64],
    [65, 128],
    [1024, 1024],
    [1025, 1152],
    [2049, 2304],
  ];
  for (const [length, padded] of expected) assert.equal(paddedLength(length), padded);
});

test("a capture of more than 64 KiB is refused before it is sealed", async () => {
  await assert.rejects(pack("x".repeat(65_537)), WrongPacking);
});
