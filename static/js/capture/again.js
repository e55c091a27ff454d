// @ts-check
/** The same share, told to somebody else; only asked for behind the form. */
import { blank } from "./content.js";

/** @typedef {import("./content.js").Answers} Answers */

/** What was captured, once more for the next person: who was told and when are asked anew. @param {any} content @returns {Answers} */
export function sameAgain({
  children,
  shared,
  why,
  how,
  risk,
  known,
  told_family,
  danger,
  called_999,
}) {
  return {
    ...blank(),
    children,
    shared,
    why,
    how,
    risk: { name: risk?.name ?? "", worksWithChildren: risk?.works_with_children === true },
    known,
    toldFamily: told_family,
    danger,
    called999: called_999,
  };
}
