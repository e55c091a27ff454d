// @ts-check
/** The protocol's vectors, as every language reads them: tests/vectors/README.md. */
import { readFileSync } from "node:fs";

/** @param {string} name @returns {any} */
export const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

/** @param {string} hex @returns {Uint8Array<ArrayBuffer>} */
export const unhex = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Buffer.from(bytes).toString("hex");
