// @ts-check
/** What is typed, handed from a page to the same page in the other language, by the service worker. */
import { language } from "./words.js";

const ANSWERS_WITHIN_MS = 2000;

/** Whether the worker has it now. @param {string} to the other language @param {() => Promise<object>} pack */
export async function handOver(to, pack) {
  return navigator.serviceWorker?.controller ? ask({ carry: await pack(), to }) : null;
}

/** What was handed over for this page, once. */
export const takeOver = () => ask({ take: language() });

/** @param {object} message @returns {Promise<any>} nothing, where no worker answers */
function ask(message) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(null), ANSWERS_WITHIN_MS);
    navigator.serviceWorker.controller?.postMessage(message, [port2]);
  });
  return answer.finally(() => port1.close());
}
