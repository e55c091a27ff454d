// @ts-check
/** The way to the phone door: one request, 15 seconds, no cookie, no cache, no redirect. */

import { retryAfterMs } from "./backoff.js";
import { MEDIA_TYPE } from "./frames.js";

const PATIENCE_MS = 15_000;

/** Nobody answered: no signal, no server, or too slow. */
export class NoSignal extends Error {}

/** The door answered with a problem (RFC 9457) or with something that is not ours. */
export class DoorProblem extends Error {
  /** @param {number} status @param {string} code @param {number} retryAfter */
  constructor(status, code, retryAfter) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * @param {typeof fetch} fetcher
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} [body] sent when given
 * @returns {Promise<Uint8Array>}
 */
export async function ask(fetcher, path, body) {
  let answer;
  try {
    answer = await fetcher(path, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": MEDIA_TYPE } : {},
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new NoSignal("nobody answered", { cause: error });
  }
  const wait = retryAfterMs(answer.headers.get("Retry-After"), Date.now());
  throw new DoorProblem(answer.status, await codeOf(answer), wait);
}

/** The stable code of a problem; empty where it is not one of ours. @param {Response} answer */
async function codeOf(answer) {
  try {
    return String((await answer.json()).code ?? "");
  } catch {
    return "";
  }
}
