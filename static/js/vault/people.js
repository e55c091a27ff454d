// @ts-check
/**
 * Who is on this phone. Each person has a store of their own, with key, chain, copies and list; who
 * of them is logging, and what they are called here, stands outside, where it is known before any
 * store is open.
 */
import { recall } from "./outside.js";

export const PEOPLE = "sharelog-people";
/** Whose store every phone has; whoever comes after them has one of the same shape. */
export const FIRST = "sharelog";

/**
 * `leaving`: nothing more is logged as them; what waits is still sent.
 * @typedef {{store: string, name: string, leaving?: boolean}} Person
 * @typedef {{here: string, people: Person[]}} Sharing
 */

/** @returns {Sharing} */
export function whoIsHere() {
  const { here, people = [] } = recall(PEOPLE) ?? {};
  const stay = /** @type {Person[]} */ (people).filter(({ leaving }) => !leaving);
  const known = stay.find(({ store }) => store === here) ?? stay[0];
  return { here: known?.store ?? FIRST, people };
}
