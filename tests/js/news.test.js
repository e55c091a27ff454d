// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { onceMore } from "../../static/js/shell/news.js";

/** A run that ends when it is told to. */
function slowly() {
  /** @type {{end: () => void, fail: () => void}[]} */
  const runs = [];
  const run = () =>
    new Promise((resolve, reject) => {
      runs.push({ end: () => resolve(undefined), fail: () => reject(new Error("no")) });
    });
  return { runs, ask: onceMore(/** @type {() => Promise<void>} */ (run)) };
}

test("asked often while it runs, it runs once more", async () => {
  const { runs, ask } = slowly();
  const first = Promise.all([ask(), ask()]);
  await new Promise(setImmediate);
  assert.equal(runs.length, 1);
  const others = [ask(), ask(), ask()];
  runs[0].end();
  await first;
  await new Promise(setImmediate);
  assert.equal(runs.length, 2);
  let shown = false;
  const last = Promise.all(others).then(() => {
    shown = true;
  });
  await new Promise(setImmediate);
  assert.equal(shown, false); // whoever asked waits for what began afterwards
  runs[1].end();
  await last;
  assert.equal(runs.length, 2);
});

test("a run that fails stands in nobody's way", async () => {
  const { runs, ask } = slowly();
  const first = ask();
  await new Promise(setImmediate);
  const second = ask();
  runs[0].fail();
  await assert.rejects(first);
  await new Promise(setImmediate);
  runs[1].end();
  await second;
  const third = ask();
  await new Promise(setImmediate);
  assert.equal(runs.length, 3);
  runs[2].end();
  await third;
});
