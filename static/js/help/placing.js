// @ts-check
/** What is written down around a call; only asked for behind the form. */
import { changeCalls } from "./calls.js";

/**
 * @typedef {import("./calls.js").Call} Call
 * @typedef {import("./calls.js").NotTold} NotTold
 * @typedef {import("./calls.js").Database} Database
 */

/** A number was tapped. @param {Database} db @param {Call} call */
export const placed = (db, call) =>
  changeCalls(db, (calls) => ({
    ...calls,
    call,
    used: { ...calls.used, [call.code]: call.at },
  }));

/** It is known how the call went, or that there was none. @param {Database} db */
export const answered = (db) => changeCalls(db, (calls) => ({ ...calls, call: null }));

/** Nobody was reached: they stand on top until somebody is. @param {Database} db @param {NotTold} line @param {string} follows */
export const notReached = (db, line, follows) =>
  changeCalls(db, (calls) => ({
    ...calls,
    call: null,
    notTold: [...calls.notTold.filter((one) => one.entry !== follows), line],
  }));

/** @param {Database} db @param {string} code @param {string[]} shown the favourites as they stand */
export const toggled = (db, code, shown) =>
  changeCalls(db, (calls) => ({
    ...calls,
    favourites: shown.includes(code) ? shown.filter((one) => one !== code) : [...shown, code],
  }));
