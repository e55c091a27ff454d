// @ts-check
/** What is said after practising: figures and a kind word, and nothing that was typed. */
import { byId } from "../shell/find.js";
import { counted, word } from "../shell/words.js";
import { minutes } from "./stopwatch.js";
import { forgetTimes, noteTime } from "./times.js";

/** More than anybody needs in the moment. */
const PLENTY = 700;
const THREE = /** @type {const} */ (["told", "about", "shared"]);

/**
 * `asked`: what was missing when *Log it* was first pressed.
 * @typedef {{answers: import("../capture/content.js").Answers, asked: string[], seconds: number,
 *   taps: number}} Tried
 */

export class Debrief {
  /** @param {() => void} forgotten */
  constructor(forgotten) {
    byId("forget-times").addEventListener("click", () => {
      forgetTimes();
      forgotten();
      byId("debrief-best").textContent = word("practice.forgotten");
    });
  }

  /** @param {Tried} tried */
  show({ answers, asked, seconds, taps }) {
    byId("debrief-took").textContent = word("practice.took", { time: minutes(seconds) });
    // Whoever used a keyboard alone tapped nothing.
    byId("debrief-taps").textContent = taps > 0 ? counted("practice.taps", taps) : "";
    byId("debrief-best").textContent = kept(seconds);
    byId("debrief-answers").replaceChildren(...THREE.map((name) => line(name, answers, asked)));
    byId("debrief-tip").textContent = word(`practice.tip-${tip(answers)}`);
  }
}

/** @param {number} seconds */
function kept(seconds) {
  const { times, best } = noteTime(seconds);
  if (times === 1) return word("practice.first");
  if (best === seconds) return word("practice.quickest");
  return word("practice.best", { time: minutes(best ?? seconds) });
}

/** @param {typeof THREE[number]} name @param {Tried["answers"]} answers @param {string[]} asked */
function line(name, answers, asked) {
  const item = document.createElement("li");
  item.dataset.there = asked.includes(name) ? "asked" : "yes";
  const needless = name === "told" && answers.recipients.length === 0;
  const said = needless ? "not-needed" : asked.includes(name) ? "asked" : "there";
  item.textContent = word(`practice.${said}`, { answer: word(`practice.${name}`) });
  return item;
}

/** The one thing worth saying. @param {Tried["answers"]} answers @returns {"long" | "who" | "all"} */
export function tip({ shared, act, recipients }) {
  if (shared.length > PLENTY) return "long";
  const named = recipients.some(({ person, reference }) => person !== "" || reference !== "");
  return act === "shared" && !named ? "who" : "all";
}
