// @ts-check
/** A clock that one may look at. It says nothing aloud, and where motion is unwelcome it rarely moves. */

const OFTEN_S = 1;
const RARELY_S = 10;

export class Stopwatch {
  #from = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {HTMLElement} place @param {() => number} monotonic in ms */
  constructor(place, monotonic) {
    this.place = place;
    this.monotonic = monotonic;
  }

  get running() {
    return this.#timer !== undefined;
  }

  start() {
    clearInterval(this.#timer);
    this.#from = this.monotonic();
    const step = matchMedia("(prefers-reduced-motion: reduce)").matches ? RARELY_S : OFTEN_S;
    this.#show(step);
    this.place.hidden = false;
    this.#timer = setInterval(() => this.#show(step), step * 1000);
  }

  /** How many seconds it ran. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.place.hidden = true;
    return this.#seconds();
  }

  #seconds() {
    return Math.round((this.monotonic() - this.#from) / 1000);
  }

  /** @param {number} step */
  #show(step) {
    this.place.textContent = minutes(this.#seconds() - (this.#seconds() % step));
  }
}

/** "0:48". @param {number} seconds */
export const minutes = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
