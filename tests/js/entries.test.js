// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { held } from "../../static/js/outbox/waiting.js";
import { ADDITION } from "../../static/js/vault/event.js";
import { save } from "../../static/js/vault/save.js";
import { aPhone, sealed } from "./phone.js";

test("what was added stands with its entry, and each has its own state", async () => {
  const phone = await aPhone();
  const first = await phone.log(1);
  await phone.log(2);
  await save(phone.vault, phone.device, { ...sealed(1), kind: ADDITION });
  await save(phone.vault, phone.device, { ...sealed(1), kind: ADDITION });
  const db = await phone.vault.db();
  await db.put("states", { n: first.n, state: "in-record", why: "", changedAt: 0 });
  await db.put("states", { n: 3, state: "received", why: "", changedAt: 0 });
  const lines = (await held(db, 50)).lines;
  assert.deepEqual(
    lines.map(({ n, state, additions }) => ({ n, state, additions })),
    [
      { n: 2, state: "waiting", additions: [] },
      { n: 1, state: "in-record", additions: ["received", "waiting"] },
    ],
  );
  assert.equal(lines[1].entry.length, 32);
  assert.equal((await held(db, 1)).lines.length, 1);
});
