// @ts-check
/** Makes this phone known to the organisation (docs/protocol.md section 8). */
import { toText } from "../vault/bytes.js";
import { openAnswer } from "./answer.js";
import { ask } from "./door.js";
import { joinFrames, onlyFrame, signDocument } from "./frames.js";

/** The link in the QR code names another organisation than the one this phone knows. */
export class AnotherOrganisation extends Error {}

/**
 * Code and root fingerprint of an enrolment link; null when it is not one.
 * @param {string} text a link, or its fragment
 */
export function readLink(text) {
  const found = /#enrol=([^.#]{1,64})\.([A-Za-z0-9_-]{43})$/.exec(text);
  return found ? { code: found[1], fingerprint: found[2] } : null;
}

/** Whether this could be a typed code: 16 symbols of Crockford's base32. @param {string} text */
export const looksLikeCode = (text) =>
  /^[0-9A-Za-z]{16}$/.test(text.replaceAll(/[\s-]/g, "")) && !/u/i.test(text);

/**
 * @param {import("./send.js").Rooms} rooms
 * @param {{code: string, fingerprint?: string, label: string}} offer
 * @returns {Promise<string>} the organisation's name
 */
export async function enrol(rooms, { code, fingerprint, label }) {
  const { vault, device, trust, clock, fetcher } = rooms;
  if (!trust.keys) await trust.acceptKeys(onlyFrame(await ask(fetcher, "/sync/keys")));
  if (fingerprint && !trust.isOurs(fingerprint)) throw new AnotherOrganisation();
  const nonce = clock.bytes(16);
  const content = {
    v: 1,
    key: toText(device.public),
    nonce: toText(nonce),
    time: clock.now(),
    code: code.trim(),
    label: label.slice(0, 80),
  };
  const document = await signDocument("sharelog/1/enrol", content, device.sign);
  const raw = await ask(fetcher, "/sync/enrol", joinFrames([document]));
  const keys = /** @type {import("../vault/trust.js").Keys} */ (trust.keys);
  const answer = await openAnswer(raw, nonce, keys);
  if (answer.outcome !== "enrolled") throw new Error("not enrolled");
  await (await vault.db()).put("trust", { at: clock.now() }, "enrolled");
  return String(answer.organisation);
}

/** A fresh code for the demo practitioner; only a demo instance gives one. @param {typeof fetch} fetcher */
export async function demoCode(fetcher) {
  const answer = await fetcher("/demo/code", {
    method: "POST",
    credentials: "omit",
    signal: AbortSignal.timeout(15_000),
  });
  if (!answer.ok) throw new Error("no demo");
  return String((await answer.json()).code);
}
