// @ts-check
/** What a capture and an addition say, as docs/protocol.md sections 3.6 and 3.7 lay it down. Pure. */

/**
 * @typedef {{code: string | null, label: string, person: string, reference: string}} Recipient
 * @typedef {{name: string, unknown: boolean, who: "child" | "unborn" | "adult", born: string,
 *   reference: string}} Child
 * @typedef {{choice: "now" | "5" | "60" | "choose", chosenAt: number, local: string,
 *   about: boolean}} When
 * @typedef {"shared" | "not-shared" | "refused" | "not-told"} Act
 * @typedef {{act: Act, attempt: "" | "message" | "no-answer", follows: string, reviewOn: string,
 *   recipients: Recipient[], children: Child[], shared: string, why: string[], how: string,
 *   when: When, risk: {name: string, worksWithChildren: boolean},
 *   known: {how: "" | "self" | "child" | "other", from: string},
 *   toldFamily: "" | "told" | "not-safe" | "not-practicable" | "later", danger: boolean,
 *   called999: boolean}} Answers
 * @typedef {{at: number, offset: (at: number) => number, monotonic: number,
 *   contact: import("../outbox/waiting.js").Contact | undefined, offline: boolean, app: string, language: "en" | "cy"}} Moment
 * @typedef {"told" | "told-many" | "about" | "about-many" | "shared" | "when" | "why-many" |
 *   "review-on"} Problem
 */

const MOST = 20;

/** Nothing answered yet. @returns {Answers} */
export const blank = () => ({
  act: "shared",
  attempt: "",
  follows: "",
  reviewOn: "",
  recipients: [],
  children: [],
  shared: "",
  why: [],
  how: "phone",
  when: { choice: "now", chosenAt: 0, local: "", about: false },
  risk: { name: "", worksWithChildren: false },
  known: { how: "", from: "" },
  toldFamily: "",
  danger: false,
  called999: false,
});

/** @param {Partial<Child>} [more] @returns {Child} */
export const aChild = (more = {}) => ({
  name: "",
  unknown: false,
  who: "child",
  born: "",
  reference: "",
  ...more,
});

/** What is missing before it can be logged, in the order of the page. @param {Answers} answers @returns {Problem[]} */
export function missing(answers) {
  /** @type {Problem[]} */
  const problems = [];
  const { act, recipients, children, when } = answers;
  if (recipients.length === 0 && act !== "not-shared") problems.push("told");
  if (recipients.length > MOST) problems.push("told-many");
  // A call that reached nobody is kept as it is: there is nothing yet to say about anybody.
  if (act !== "not-told" && !children.some(isSomebody)) problems.push("about");
  if (children.length > MOST) problems.push("about-many");
  if (act !== "not-told" && answers.shared.trim() === "") problems.push("shared");
  if (answers.why.length > MOST) problems.push("why-many");
  if (when.choice === "choose" && Number.isNaN(chosen(when))) problems.push("when");
  if (answers.reviewOn !== "" && !isDay(answers.reviewOn)) problems.push("review-on");
  return problems;
}

/** @param {Child} child */
const isSomebody = ({ name, unknown }) => unknown || name.trim() !== "";

/** @param {Answers} answers @param {Moment} moment */
export function capture(answers, moment) {
  const { at, offset, offline, app, language } = moment;
  const happened = whenItHappened(answers.when, at);
  const { act, risk, known, children } = answers;
  const somebody = children.filter((one) => isSomebody(one) || one.born || one.reference);
  // Nobody has been asked yet who it is about.
  if (act === "not-told" && somebody.length === 0) somebody.push(aChild({ unknown: true }));
  const decided = act === "not-shared" || act === "refused";
  return {
    v: 1,
    recipients: answers.recipients,
    children: somebody,
    shared: answers.shared,
    why: answers.why,
    how: answers.how,
    // The offset of that moment, not of now: the clocks may have changed in between.
    when: { at: happened.at, utc_offset: offset(happened.at), about: happened.about },
    clock: clockOf(moment),
    offline,
    app,
    language,
    // All names, whatever was answered: so the length tells less of it.
    act,
    attempt: act === "not-told" ? answers.attempt : "",
    follows: answers.follows,
    review_on: decided ? answers.reviewOn : "",
    risk:
      risk.name.trim() !== "" || risk.worksWithChildren
        ? { name: risk.name, works_with_children: risk.worksWithChildren }
        : null,
    known: { how: known.how, from: known.how === "other" ? known.from : "" },
    told_family: answers.toldFamily,
    danger: answers.danger,
    called_999: answers.called999,
  };
}

/** @param {"fix" | "mistake" | "more"} what @param {string} text @param {Moment} moment */
export const addition = (what, text, moment) => ({ v: 1, what, text, clock: clockOf(moment) });

/** @param {Moment} moment */
const clockOf = ({ at, offset, monotonic, contact }) => ({
  at,
  utc_offset: offset(at),
  monotonic,
  last_server: contact?.time ?? null,
  // As it was found at the last contact.
  ahead: contact?.clock?.ahead ?? null,
  within: contact?.clock?.within ?? null,
});

/** Only a day that the calendar has. @param {string} text */
function isDay(text) {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/**
 * What is there so far, in a form the record can read: it may be sent as it is. Answers that are
 * not there are left out, never guessed.
 * @param {Answers} answers
 * @param {Moment} moment
 */
export function unfinished(answers, moment) {
  const whole = capture(answers, moment);
  // A date that is half typed is no date; then it was about the time of writing.
  const timeless = Number.isNaN(whole.when.at);
  const { at, utc_offset } = whole.clock;
  return {
    ...whole,
    recipients: whole.recipients.slice(0, MOST),
    children: whole.children.slice(0, MOST),
    review_on: isDay(whole.review_on) ? whole.review_on : "",
    why: whole.why.slice(0, MOST),
    when: timeless ? { at, utc_offset, about: true } : whole.when,
    unfinished: true,
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
