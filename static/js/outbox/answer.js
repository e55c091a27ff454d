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
 *   notEnrolled: boolean, missing: string[], opened: Opened[], notices: Notice[],
 *   noted: string[]}} Answer
 */

/** Not an answer, whatever it was. */
export class NotAnAnswer extends Error {}

/**
 * It claims to answer this very question, and does not hold: no portal and no cache does that.
 * `unsigned`: not signed by the organisation. `receipt`: signed, and not about what was sent.
 */
export class ForgedAnswer extends NotAnAnswer {
  /** @param {"unsigned" | "receipt"} what @param {string} why */
  constructor(what, why) {
    super(why);
    this.what = what;
  }
}

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
  let said;
  let signed = false;
  let ours = false;
  try {
    const raw = onlyFrame(body);
    said = readDocument(raw);
    ours = same(fromText(said.nonce, 16), nonce);
    signed = await documentSignedBy("sharelog/1/answer", raw, keys.stored);
  } catch (error) {
    throw new NotAnAnswer("not of this protocol", { cause: error });
  }
  if (!ours) throw new NotAnAnswer("not for this question");
  if (signed) return said;
  // Something on the way may send our own question back to us: that claims nothing.
  const claims = Array.isArray(said.results) || typeof said.outcome === "string";
  if (claims) throw new ForgedAnswer("unsigned", "not signed by the door");
  throw new NotAnAnswer("no answer at all");
}

/**
 * @param {Uint8Array} body
 * @param {{nonce: Uint8Array, sent: string[], keys: Keys}} question ids in the order sent
 * @returns {Promise<Answer>}
 */
export async function readAnswer(body, { nonce, sent, keys }) {
  const said = await openAnswer(body, nonce, keys);
  try {
    if (said.results.length !== sent.length) {
      throw new ForgedAnswer("receipt", "results do not match");
    }
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
      noted: (said.noted ?? []).map(String), // an earlier door says nothing of it
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
  if (!itself) throw new ForgedAnswer("receipt", "a result for something else");
  if (!state) throw new NotAnAnswer("an outcome of another version");
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
  const { lane, position, received_at: at } = receipt;
  const numbers = Number.isSafeInteger(position) && Number.isSafeInteger(at);
  const sound = (lane === 0 || lane === 1) && lane >= leastLane && numbers;
  const message = join(
    utf8("sharelog/1/stored"),
    fromText(receipt.epoch, 16),
    fromText(id, 32),
    i64(position),
    [lane],
    i64(at),
  );
  const signature = fromText(receipt.signature, 64);
  if (!sound || !(await signedByOneOf(keys.stored, signature, message))) {
    throw new ForgedAnswer("receipt", "a receipt that does not hold");
  }
}

/** What the record side said of an event, if it holds. @param {any} said @param {Keys} keys @returns {Promise<Opened>} */
export async function readOpened(said, keys) {
  const inRecord = said.outcome === "opened";
  if (!inRecord && said.outcome !== "set-aside") throw new NotAnAnswer("an unknown outcome");
  // Turned into bytes, much else would read as no reason at all, or as the same number.
  if (typeof said.why !== "string" || !Number.isSafeInteger(said.at)) {
    throw new NotAnAnswer("a statement of another shape");
  }
  const id = fromText(said.id, 32);
  const message = join(
    utf8("sharelog/1/opened"),
    id,
    [inRecord ? 1 : 2],
    i64(said.at),
    utf8(said.why),
  );
  if (!(await signedByOneOf(keys.opened, fromText(said.signature, 64), message))) {
    throw new ForgedAnswer("receipt", "a statement that does not hold");
  }
  const state = inRecord ? "in-record" : "needs-look";
  return { id: toText(id), state, why: said.why, statement: said };
}
