// @ts-check
/**
 * Practice: the real form, an invented story, a stopwatch and a debrief.
 *
 * Promises: what is typed here is never sealed, kept or sent. This file can do neither (the build
 * refuses a room that could), and the page's own policy lets it connect to nothing.
 */
import { missing } from "../capture/content.js";
import { CaptureForm } from "../capture/form.js";
import { clock } from "../shell/clock.js";
import { byId } from "../shell/find.js";
import { show } from "../shell/screens.js";
import { word } from "../shell/words.js";
import { Debrief } from "./debrief.js";
import { minutes, Stopwatch } from "./stopwatch.js";
import { readTimes } from "./times.js";

class Practice {
  #form = new CaptureForm(clock, () => {});
  #debrief = new Debrief(() => this.#showBest());
  #watch = new Stopwatch(byId("stopwatch"), clock.monotonic);
  #stories = document.querySelectorAll(/** @type {"p"} */ ("[data-story]"));
  /** Whoever comes again finds another story first. */
  #at = readTimes().times % this.#stories.length;
  #taps = 0;
  /** What was missing when *Log it* was first pressed; null until then. @type {string[] | null} */
  #asked = null;

  constructor() {
    byId("start").addEventListener("click", () => this.#start());
    byId("other-story").addEventListener("click", () => this.#turn());
    byId("another-try").addEventListener("click", () => this.#again());
    document.addEventListener("pointerdown", () => this.#count(), { capture: true });
    this.#form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#logIt();
    });
    this.#showStory();
    this.#showBest();
  }

  #start() {
    this.#taps = 0;
    this.#asked = null;
    this.#form.clear();
    byId("story-text").textContent = this.#stories[this.#at].textContent;
    byId("story-again").hidden = false;
    show("log");
    byId("told").focus({ preventScroll: true });
    this.#watch.start();
  }

  #logIt() {
    const answers = this.#form.read();
    this.#asked ??= missing(answers);
    if (!this.#form.complete(answers)) return;
    const seconds = this.#watch.stop();
    byId("story-again").hidden = true;
    this.#debrief.show({ answers, asked: this.#asked, seconds, taps: this.#taps });
    // Nothing of it outlives the debrief, which names no word that was typed.
    this.#form.clear();
    show("debrief");
    byId("debrief-heading").focus({ preventScroll: true });
  }

  #again() {
    show("story");
    this.#turn();
    this.#showBest();
    byId("story-heading").focus({ preventScroll: true });
  }

  /** The next story. */
  #turn() {
    this.#at = (this.#at + 1) % this.#stories.length;
    this.#showStory();
  }

  #showStory() {
    for (const [i, story] of this.#stories.entries()) story.hidden = i !== this.#at;
  }

  #showBest() {
    const { best } = readTimes();
    byId("story-best").hidden = best === null;
    if (best !== null) {
      byId("story-best").textContent = word("practice.best", { time: minutes(best) });
    }
  }

  #count() {
    if (this.#watch.running) this.#taps += 1;
  }
}

new Practice();
