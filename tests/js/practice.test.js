// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "../../static/js/capture/content.js";
import { tip } from "../../static/js/practice/debrief.js";
import { minutes } from "../../static/js/practice/stopwatch.js";
import { forgetTimes, noteTime, readTimes } from "../../static/js/practice/times.js";
import { anotherPlace } from "./figures.js";

test("the quickest time is kept, and how often; nothing else is", () => {
  const kept = anotherPlace();
  assert.deepEqual(readTimes(), { times: 0, best: null });
  noteTime(48);
  noteTime(31);
  assert.deepEqual(noteTime(60), { times: 3, best: 31 });
  assert.deepEqual([...kept.values()], ['{"times":3,"best":31}']);
  forgetTimes();
  assert.deepEqual(readTimes(), { times: 0, best: null });
});

test("somebody else's text in that place is no time", () => {
  const kept = anotherPlace();
  for (const text of ["[", '"x"', '{"times":-1,"best":3}', '{"times":1,"best":"a name"}']) {
    kept.set("sharelog-practice", text);
    assert.deepEqual(readTimes(), { times: 0, best: null });
  }
});

test("a time is read as minutes and seconds", () => {
  assert.deepEqual([0, 9, 60, 605].map(minutes), ["0:00", "0:09", "1:00", "10:05"]);
});

test("one thing is said afterwards: the one that helps most", () => {
  const told = { code: "school", label: "School", person: "", reference: "" };
  const answers = { ...blank(), recipients: [told], shared: "A fall" };
  assert.equal(tip(answers), "who");
  assert.equal(tip({ ...answers, recipients: [{ ...told, reference: "881" }] }), "all");
  assert.equal(tip({ ...answers, shared: "x".repeat(701) }), "long");
  assert.equal(tip({ ...answers, act: "refused" }), "all");
});
