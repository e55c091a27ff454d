// @ts-check
/**
 * Reads an answer of the phone door. Anything that is not signed, not for this nonce, or not
 * about what was sent is not an answer: the phone keeps everything (docs/protocol.md section 4).
 */
import { fromText, i64, join, same, toText, utf8 } from "../vault/bytes.js";
import { documentSignedBy, onlyFrame, readDocument, signedByOneOf } from "./frames.js";

/**
 * @typedef {import("../vault/trust.js").Keys} Keys
 * @typedef {import("../vault/database.js").StateName} StateName
 * @typedef {{epoch: string, position: number, digest: string}} Seen
 * @typedef {{id: string, state: StateName | null, why: string, receipt: object | null}} Outcome
 * @typedef {{id: string, state: StateName, why: string, statement: object}} Opened
 * @typedef {{code: string, count: number}} Notice
 * @typedef {{seen: Seen, time: number, backedUpTo: number, outcomes: Outcome[],
 *   notEnrolled: boolean, missing: string[], opened: Opened[], notices: Notice[]}} Answer
 */

/** Not an answer, whatever it was. */
export class NotAnAnswer extends Error {}

/** @type {Record<string, StateName>} */
const STATE_OF = {
  stored: "received",
  "already-held": "received",
  "set-aside": "needs-look",
  disposed: "disposed",
  refused: "parked",
};

/**
 * A document by the stored key with our nonce; used for answers to hello and to enrolment.
 * @param {Uint8Array} body
 * @param {Uint8Array} nonce
 * @param {Keys} keys
 */
export async function openAnswer(body, nonce, keys) {
  try {
    const raw = onlyFrame(body);
    const signed = await documentSignedBy("sharelog/1/answer", raw, keys.stored);
    const said = signed ? readDocument(raw) : null;
    if (said?.v === 1 && same(fromText(said.nonce, 16), nonce)) return said;
  } catch (error) {
    throw new NotAnAnswer("not of this protocol", { cause: error });
  }
  throw new NotAnAnswer("not signed for this question");
}

/**
 * @param {Uint8Array} body
 * @param {{nonce: Uint8Array, sent: string[], keys: Keys}} question ids in the order sent
 * @returns {Promise<Answer>}
 */
export async function readAnswer(body, { nonce, sent, keys }) {
  const said = await openAnswer(body, nonce, keys);
  try {
    if (said.results.length !== sent.length) throw new NotAnAnswer("results do not match");
    const outcomes = [];
    for (const [i, result] of said.results.entries()) {
      outcomes.push(await readResult(result, sent[i], keys));
    }
    const opened = [];
    for (const statement of said.opened) opened.push(await readOpened(statement, keys));
    return {
      seen: { epoch: said.epoch, position: said.head.position, digest: said.head.digest },
      time: said.time,
      backedUpTo: said.backed_up_to,
      outcomes,
      notEnrolled: said.results.some((/** @type {any} */ r) => r.outcome === "not-enrolled"),
      missing: said.missing.map(String),
      opened,
      notices: (said.notices ?? []).map(readNotice),
    };
  } catch (error) {
    if (error instanceof NotAnAnswer) throw error;
    throw new NotAnAnswer("not of this protocol", { cause: error });
  }
}

/** @param {any} said @returns {Notice} */
function readNotice({ code, count }) {
  if (!Number.isSafeInteger(count) || count < 0) throw new NotAnAnswer("a notice without a count");
  return { code: String(code), count };
}

/** @param {any} result @param {string} id @param {Keys} keys @returns {Promise<Outcome>} */
async function readResult(result, id, keys) {
  const outcome = String(result.outcome);
  if (outcome === "not-enrolled") return { id, state: null, why: "", receipt: null };
  const state = STATE_OF[outcome];
  const itself = result.id === id || (result.id === null && outcome === "refused");
  if (!state || !itself) throw new NotAnAnswer("a result for something else");
  if (state === "parked" || state === "disposed") {
    return { id, state, why: String(result.why ?? ""), receipt: null };
  }
  await checkReceipt(result.receipt, id, state === "needs-look" ? 1 : 0, keys);
  // *Already held* may mean held in quarantine: the lane of the receipt says which.
  const where = result.receipt.lane === 1 ? "needs-look" : "received";
  return { id, state: where, why: "", receipt: result.receipt };
}

/**
 * A stored receipt that holds.
 * @param {any} receipt
 * @param {string} id
 * @param {number} leastLane
 * @param {Keys} keys
 */
export async function checkReceipt(receipt, id, leastLane, keys) {
  const { lane, position } = receipt;
  const sound = (lane === 0 || lane === 1) && lane >= leastLane && Number.isSafeInteger(position);
  const message = join(
    utf8("sharelog/1/stored"),
    fromText(receipt.epoch, 16),
    fromText(id, 32),
    i64(position),
    [lane],
    i64(receipt.received_at),
  );
  const signature = fromText(receipt.signature, 64);
  if (!sound || !(await signedByOneOf(keys.stored, signature, message))) {
    throw new NotAnAnswer("a receipt that does not hold");
  }
}

/** What the record side said of an event, if it holds. @param {any} said @param {Keys} keys @returns {Promise<Opened>} */
export async function readOpened(said, keys) {
  const inRecord = said.outcome === "opened";
  if (!inRecord && said.outcome !== "set-aside") throw new NotAnAnswer("an unknown outcome");
  const id = fromText(said.id, 32);
  const message = join(
    utf8("sharelog/1/opened"),
    id,
    [inRecord ? 1 : 2],
    i64(said.at),
    utf8(said.why),
  );
  if (!(await signedByOneOf(keys.opened, fromText(said.signature, 64), message))) {
    throw new NotAnAnswer("a statement that does not hold");
  }
  const state = inRecord ? "in-record" : "needs-look";
  return { id: toText(id), state, why: said.why, statement: said };
}
