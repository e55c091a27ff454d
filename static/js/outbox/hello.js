// @ts-check
/** The first frame of every request: who carries, what waits, what was last seen. */
import { toText } from "../vault/bytes.js";
import { signDocument } from "./frames.js";

/**
 * @param {import("../vault/device.js").Device} device
 * @param {{nonce: Uint8Array, time: number, unsent: number,
 *   seen: import("./answer.js").Seen | null, awaiting: string[], holds: string[],
 *   lost?: import("../vault/vanished.js").Lost[]}} about
 */
export function hello(device, { nonce, time, unsent, seen, awaiting, holds, lost = [] }) {
  const content = {
    v: 1,
    key: toText(device.public),
    nonce: toText(nonce),
    time,
    unsent,
    seen,
    awaiting,
    holds,
    lost,
  };
  return signDocument("sharelog/1/hello", content, device.sign);
}
