// @ts-check
/**
 * How many entries go in one request, and which of them must not hold up the others.
 *
 * Promises: an entry that the door cannot take, alone or with others, delays no other entry by more
 * than one round; a door that takes nothing at all is soon left in peace.
 */

const FIRST = 20;
const MOST = 250;
/** So many refused one after the other, each alone, say that it is the door and not the entries. */
const MOST_IN_A_ROW = 3;
/** What may be due to one entry: too large for something on the way, or too much for the door. */
const MAY_BE_ONE = [413, 500];

/** @typedef {import("./door.js").DoorProblem} DoorProblem */

/** @template {number | string} Name by which it knows an entry */
export class Batch {
  /** What the door said to the last entry that it refused alone. @type {DoorProblem | null} */
  problem = null;
  #size = FIRST;
  /** Entries that the door did not take even alone: they go last. @type {Set<Name>} */
  #hard = new Set();
  /** Those among them that had their turn in this round. @type {Set<Name>} */
  #tried = new Set();
  #inARow = 0;
  #most = MOST_IN_A_ROW;

  /** A round begins. @param {boolean} wasWell whether the last one ended well */
  begin(wasWell) {
    this.problem = null;
    this.#tried.clear();
    this.#inARow = 0;
    this.#most = wasWell ? MOST_IN_A_ROW : 1;
  }

  /** Which entries go next. @param {Name[]} waiting @param {boolean} known whether somebody knows this phone: until then one is enough to ask with */
  next(waiting, known) {
    if (!known) this.#most = 1;
    const easy = waiting.filter((n) => !this.#hard.has(n));
    if (easy.length > 0) return easy.slice(0, known ? this.#size : 1);
    return waiting.filter((n) => !this.#tried.has(n)).slice(0, 1);
  }

  /** They were answered for. */
  taken() {
    this.#inARow = 0;
    this.#size = Math.min(MOST, this.#size * 2);
  }

  /**
   * They were not taken: whether it is worth going on with fewer, or with others.
   * @param {DoorProblem | null} problem what the door said, if it did
   * @param {Name[]} names
   */
  worthGoingOn(problem, names) {
    if (!problem || !MAY_BE_ONE.includes(problem.status) || names.length === 0) return false;
    if (names.length > 1) {
      this.#size = Math.floor(names.length / 2);
      return true;
    }
    this.problem = problem;
    this.#hard.add(names[0]);
    this.#tried.add(names[0]);
    this.#inARow += 1;
    return this.#inARow < this.#most;
  }
}
