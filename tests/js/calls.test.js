// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCall, reached, readCalls } from "../../static/js/help/calls.js";
import { dialled, grouped, listed, search } from "../../static/js/help/finding.js";
import { answered, notReached, placed, toggled } from "../../static/js/help/placing.js";
import { aPhone, NOW } from "./phone.js";

const someone = (
  /** @type {string} */ code,
  /** @type {string} */ label,
  number = "01632 960120",
) => ({ code, label, number, note: "" });

const PEOPLE = [
  someone("police-101", "Police (101)", "101"),
  someone("childrens-social-care", "Children's social care (MASH)"),
  someone("emergency-duty-team", "Tîm dyletswydd argyfwng", "01632 960129"),
];

const codes = (/** @type {{code: string}[]} */ people) => people.map((one) => one.code);

test("somebody is found without the accent, the apostrophe or the capitals", () => {
  assert.deepEqual(codes(search(PEOPLE, "tim DYLETSWYDD")), ["emergency-duty-team"]);
  assert.deepEqual(codes(search(PEOPLE, "childrens")), ["childrens-social-care"]);
  assert.deepEqual(codes(search(PEOPLE, "Children’s mash")), ["childrens-social-care"]);
});

test("somebody is found by part of the number, and nobody by words that are nowhere", () => {
  assert.deepEqual(codes(search(PEOPLE, "960129")), ["emergency-duty-team"]);
  assert.deepEqual(search(PEOPLE, "police astronaut"), []);
});

test("favourites come first, then who was called last, and nobody twice", () => {
  const groups = grouped(PEOPLE, ["police-101", "gone"], {
    "police-101": 5,
    "emergency-duty-team": 9,
  });
  assert.deepEqual(
    groups.map(({ heading, people }) => [heading, codes(people)]),
    [
      ["favourites", ["police-101"]],
      ["used", ["emergency-duty-team"]],
      ["all", ["childrens-social-care"]],
    ],
  );
});

test("a telephone is given the number without its blanks", () => {
  assert.equal(dialled("0808 800 5000"), "tel:08088005000");
});

test("an older directory without numbers lists nobody wrongly", () => {
  const old = /** @type {any} */ ({ recipients: [{ code: "gp", label: { en: "GP", cy: "" } }] });
  assert.deepEqual(listed(old, "cy"), [{ code: "gp", label: "GP", number: "", note: "" }]);
  assert.deepEqual(listed(null, "en"), []);
});

test("a call is remembered as a code and a time until it is known how it went", async () => {
  const db = await (await aPhone()).vault.db();
  await placed(db, { code: "gp", at: NOW, follows: "" });
  const calls = await readCalls(db);
  assert.deepEqual(openCall(calls, NOW + 60_000), { code: "gp", at: NOW, follows: "" });
  assert.equal(openCall(calls, NOW + 24 * 3_600_000), null);
  await answered(db);
  assert.equal(openCall(await readCalls(db), NOW), null);
  assert.deepEqual((await readCalls(db)).used, { gp: NOW });
});

test("whoever was not reached stands there until somebody was", async () => {
  const db = await (await aPhone()).vault.db();
  const line = { code: "gp", at: NOW, attempt: /** @type {"message"} */ ("message") };
  await notReached(db, { ...line, entry: "first" }, "");
  await notReached(db, { ...line, entry: "second" }, "first");
  assert.deepEqual(
    (await readCalls(db)).notTold.map((one) => one.entry),
    ["second"],
  );
  await reached(db, "second");
  assert.deepEqual((await readCalls(db)).notTold, []);
});

test("a favourite is chosen and given up on this phone alone", async () => {
  const db = await (await aPhone()).vault.db();
  const { favourites } = await toggled(db, "gp", ["lado"]);
  assert.deepEqual(favourites, ["lado", "gp"]);
  assert.deepEqual((await toggled(db, "lado", favourites ?? [])).favourites, ["gp"]);
});
