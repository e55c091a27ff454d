// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { aChild, addition, blank, capture, missing } from "../../static/js/capture/content.js";
import { looksLikeCode, readLink } from "../../static/js/outbox/enrol.js";
import { uuid7 } from "../../static/js/shell/clock.js";
import { clock, NOW } from "./phone.js";

/** @param {Partial<import("../../static/js/capture/content.js").Answers>} [more] @returns {import("../../static/js/capture/content.js").Answers} */
const answers = (more = {}) => ({
  ...blank(),
  recipients: [{ code: "police-999", label: "Police (999)", person: "", reference: "" }],
  children: [aChild({ name: "Osian" })],
  shared: "Crying heard",
  ...more,
});

/** @type {import("../../static/js/capture/content.js").Moment} */
const moment = {
  at: NOW,
  offset: () => 60,
  monotonic: 5,
  contact: undefined,
  offline: true,
  app: "test",
  language: "en",
};

test("three answers are enough", () => {
  assert.deepEqual(missing(answers()), []);
  assert.deepEqual(
    missing(answers({ recipients: [], children: [aChild({ name: " " })], shared: "\n" })),
    ["told", "about", "shared"],
  );
});

test("a name that is not known is an answer", () => {
  assert.deepEqual(missing(answers({ children: [aChild({ unknown: true })] })), []);
});

test("what was typed is what is logged, to the last blank", () => {
  const shared = "  Crïo 😀\n<script>alert(1)</script> ŵ ";
  assert.equal(capture(answers({ shared }), moment).shared, shared);
});

test("all names are written, whatever was answered", () => {
  const short = Object.keys(capture(answers(), moment));
  const risk = { name: "", worksWithChildren: true };
  const long = capture(
    answers({ risk, danger: true, called999: true, toldFamily: "not-safe" }),
    moment,
  );
  assert.deepEqual(Object.keys(long), short);
  assert.deepEqual(long.risk, { name: "", works_with_children: true });
  assert.equal(capture(answers(), moment).risk, null);
});

test("a decision not to share needs a reason and nobody who was told", () => {
  const act = /** @type {"not-shared"} */ ("not-shared");
  assert.deepEqual(missing(answers({ act, recipients: [] })), []);
  assert.deepEqual(missing(answers({ act, recipients: [], shared: "" })), ["shared"]);
  assert.deepEqual(missing(answers({ act: "refused", recipients: [] })), ["told"]);
  const decided = capture(answers({ act, recipients: [], reviewOn: "2026-12-01" }), moment);
  assert.equal(decided.review_on, "2026-12-01");
  assert.deepEqual(missing(answers({ act, reviewOn: "2026-02-30" })), ["review-on"]);
});

test("a call that reached nobody needs no more than whom it was for", () => {
  const call = answers({ act: "not-told", attempt: "message", children: [], shared: "" });
  assert.deepEqual(missing(call), []);
  const content = capture({ ...call, reviewOn: "2026-12-01" }, moment);
  assert.deepEqual([content.attempt, content.review_on], ["message", ""]);
  assert.deepEqual(content.children, [aChild({ unknown: true })]);
});

test("a child that nobody described is left out, and at most twenty fit", () => {
  const children = [aChild({ name: "Osian" }), aChild()];
  assert.equal(capture(answers({ children }), moment).children.length, 1);
  const many = Array.from({ length: 21 }, () => aChild({ unknown: true }));
  assert.deepEqual(missing(answers({ children: many })), ["about-many"]);
});

test("who told me is only kept where somebody told me", () => {
  const known = { how: /** @type {"self"} */ ("self"), from: "Her aunt" };
  assert.deepEqual(capture(answers({ known }), moment).known, { how: "self", from: "" });
});

test("an addition says what it is, its words and its clock", () => {
  assert.deepEqual(addition("mistake", "", moment), {
    v: 1,
    what: "mistake",
    text: "",
    clock: {
      at: NOW,
      utc_offset: 60,
      monotonic: 5,
      last_server: null,
      ahead: null,
      within: null,
    },
  });
});

test("five minutes ago counts from the tap, not from Log it", () => {
  const chosenAt = NOW - 120_000;
  const when = { choice: /** @type {"5"} */ ("5"), chosenAt, local: "", about: false };
  assert.deepEqual(capture(answers({ when }), moment).when, {
    at: chosenAt - 300_000,
    utc_offset: 60,
    about: true,
  });
});

test("a chosen time needs a time, and may be about then", () => {
  const when = {
    choice: /** @type {"choose"} */ ("choose"),
    chosenAt: NOW,
    local: "",
    about: true,
  };
  assert.deepEqual(missing(answers({ when })), ["when"]);
  const chosen = capture(answers({ when: { ...when, local: "2026-11-20T21:14" } }), moment);
  assert.deepEqual(chosen.when.at, new Date("2026-11-20T21:14").getTime());
  assert.equal(chosen.when.about, true);
});

test("an entry's name is a UUID of version 7 with its time in front", () => {
  const id = uuid7(clock);
  assert.equal(id.length, 16);
  assert.equal(id[6] >> 4, 7);
  assert.equal(id[8] >> 6, 2);
  const time = Buffer.from(id.subarray(0, 6)).readUIntBE(0, 6);
  assert.equal(time, NOW);
});

test("an enrolment link gives its code and fingerprint, and nothing else is one", () => {
  const fingerprint = "A".repeat(43);
  const link = `http://phone.localhost:8000/#enrol=ABCD-EFGH-JKMN-PQRS.${fingerprint}`;
  assert.deepEqual(readLink(link), { code: "ABCD-EFGH-JKMN-PQRS", fingerprint });
  assert.equal(readLink("https://example.org/"), null);
  assert.equal(readLink(`#enrol=ABCD.${"A".repeat(42)}`), null);
});

test("a typed code may have spaces and hyphens", () => {
  assert.ok(looksLikeCode("abcd efgh-jkmn pqrs"));
  assert.ok(!looksLikeCode("abcd"));
  assert.ok(!looksLikeCode("abcd efgh jkmn pqrU"));
});
