// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkReceipt,
  NotAnAnswer,
  readAnswer,
  readOpened,
} from "../../static/js/outbox/answer.js";
import {
  documentSignedBy,
  joinFrames,
  MalformedBody,
  readDocument,
  splitFrames,
} from "../../static/js/outbox/frames.js";
import { fromText, toText, WrongText } from "../../static/js/vault/bytes.js";
import { recordKeyId } from "../../static/js/vault/event.js";
import { fingerprintOf } from "../../static/js/vault/trust.js";
import { eightWords } from "../../static/js/vault/words.js";
import { hex, unhex, vectors } from "./vectors.js";

const documents = vectors("documents");
const answers = vectors("answers");
const receipts = vectors("receipts");
const small = vectors("small");

/** @param {string[]} stored @param {string[]} opened @returns {any} */
const keysOf = (stored, opened) => ({ stored: stored.map(unhex), opened: opened.map(unhex) });

for (const one of documents.good) {
  test(`good document, ${one.name}`, async () => {
    const raw = unhex(one.document);
    assert.ok(await documentSignedBy(one.prefix, raw, [unhex(one.public)]));
    assert.deepEqual(readDocument(raw), JSON.parse(one.text));
  });
}

// Only the door reads hellos: what stands in them is checked there.
const OF_A_HELLO = new Set([
  "no nonce",
  "a nonce of 15 bytes",
  "a padded nonce",
  "time in words",
  "time not a whole number",
  "unsent below none",
  "501 held",
  "an id of 31 bytes",
  "17 lost",
  "lost without a number",
]);

for (const one of documents.bad) {
  test(`bad document, ${one.name}: ${one.reason}`, async () => {
    const raw = unhex(one.document);
    const signed = await documentSignedBy(one.prefix, raw, [unhex(one.public)]);
    if (one.reason === "signature.wrong") assert.equal(signed, false);
    else if (!OF_A_HELLO.has(one.name)) assert.throws(() => readDocument(raw), MalformedBody);
  });
}

const question = {
  nonce: fromText(answers.nonce, 16),
  sent: answers.sent,
  keys: keysOf(answers.stored, answers.opened),
};

for (const one of answers.good) {
  test(`good answer, ${one.name}`, async () => {
    const answer = await readAnswer(unhex(one.body), question);
    assert.equal(answer.outcomes.length, answers.sent.length);
    const states = answer.outcomes.map((outcome) => outcome.state);
    assert.ok(states.includes("received") && states.includes("parked") && states.includes(null));
    assert.ok(answer.notEnrolled);
  });
}

for (const one of answers.bad) {
  test(`no answer: ${one.name}`, async () => {
    await assert.rejects(readAnswer(unhex(one.body), question), NotAnAnswer);
  });
}

test("no answer: the right one, under keys this phone does not know", async () => {
  const strangers = { ...question, keys: keysOf(answers.opened, answers.stored) };
  await assert.rejects(readAnswer(unhex(answers.good[0].body), strangers), NotAnAnswer);
});

const keys = keysOf([receipts.stored_public], [receipts.opened_public]);
const holds = (/** @type {Promise<unknown>} */ reading) =>
  reading.then(
    () => true,
    () => false,
  );

for (const quality of ["good", "bad"]) {
  for (const one of receipts.stored[quality]) {
    test(`${quality} receipt, ${one.name}`, async () => {
      assert.equal(await holds(checkReceipt(one, one.id, 0, keys)), quality === "good");
    });
  }
  for (const one of receipts.opened[quality]) {
    test(`${quality} statement, ${one.name}`, async () => {
      assert.equal(await holds(readOpened(one, keys)), quality === "good");
    });
  }
}

test("bytes have one spelling as text", () => {
  for (const { bytes, text } of small.b64.good) {
    assert.equal(toText(unhex(bytes)), text);
    assert.equal(hex(fromText(text, bytes.length / 2)), bytes);
  }
  for (const { text } of small.b64.bad) {
    assert.throws(() => fromText(text, 3), WrongText, JSON.stringify(text));
  }
});

test("frames fill a body exactly or are none", () => {
  for (const { body, parts } of small.frames.good) {
    assert.deepEqual(splitFrames(unhex(body)).map(hex), parts);
    assert.equal(hex(joinFrames(parts.map(unhex))), body);
  }
  for (const { body } of small.frames.bad) assert.throws(() => splitFrames(unhex(body)));
});

test("a root is named by the same fingerprint and the same eight words", async () => {
  for (const { root, fingerprint, words } of small.words) {
    const found = await fingerprintOf(unhex(root));
    assert.equal(hex(found), fingerprint);
    assert.equal((await eightWords(found)).join(" "), words);
  }
  for (const one of small.ids) {
    assert.equal(hex(await recordKeyId(one.suite, unhex(one.public))), one.id);
  }
});
