// @ts-check
/** What a capture says, as docs/protocol.md section 3.6 lays it down. Pure. */

/**
 * @typedef {{code: string | null, label: string, person: string, reference: string}} Recipient
 * @typedef {{choice: "now" | "5" | "60" | "choose", chosenAt: number, local: string,
 *   about: boolean}} When
 * @typedef {{recipients: Recipient[], about: string, unknown: boolean, shared: string,
 *   why: string[], how: string, when: When}} Answers
 * @typedef {{at: number, offset: (at: number) => number, monotonic: number,
 *   lastServer: number | null, offline: boolean, app: string, language: "en" | "cy"}} Moment
 * @typedef {"told" | "told-many" | "about" | "shared" | "when" | "why-many"} Problem
 */

const MOST = 20;

/** What is missing before it can be logged, in the order of the page. @param {Answers} answers @returns {Problem[]} */
export function missing(answers) {
  /** @type {Problem[]} */
  const problems = [];
  if (answers.recipients.length === 0) problems.push("told");
  if (answers.recipients.length > MOST) problems.push("told-many");
  if (!answers.unknown && answers.about.trim() === "") problems.push("about");
  if (answers.shared.trim() === "") problems.push("shared");
  if (answers.why.length > MOST) problems.push("why-many");
  if (answers.when.choice === "choose" && Number.isNaN(chosen(answers.when))) problems.push("when");
  return problems;
}

/** @param {Answers} answers @param {Moment} moment */
export function capture(answers, moment) {
  const { at, offset, monotonic, lastServer, offline, app, language } = moment;
  const happened = whenItHappened(answers.when, at);
  return {
    v: 1,
    recipients: answers.recipients,
    children: [{ name: answers.about, unknown: answers.unknown }],
    shared: answers.shared,
    why: answers.why,
    how: answers.how,
    // The offset of that moment, not of now: the clocks may have changed in between.
    when: { at: happened.at, utc_offset: offset(happened.at), about: happened.about },
    clock: { at, utc_offset: offset(at), monotonic, last_server: lastServer },
    offline,
    app,
    language,
  };
}

/**
 * "5 minutes ago" counts from the tap, not from *Log it*: the typing in between is no share.
 * @param {When} when
 * @param {number} at
 */
function whenItHappened(when, at) {
  if (when.choice === "now") return { at, about: false };
  if (when.choice === "choose") return { at: chosen(when), about: when.about };
  return { at: when.chosenAt - Number(when.choice) * 60_000, about: true };
}

/** @param {When} when */
const chosen = (when) => new Date(when.local).getTime();
