// @ts-check
/**
 * The service worker's life as seen from the page: registered once, updated only when nobody has
 * anything unfinished in any tab.
 */

const OPEN_ENTRY = "sharelog-open-entry";
const NEEDS = "sharelog-needs";
const FALLBACK = "/static/noble.js";

/** @type {(() => void) | null} */
let release = null;

/** While something is typed in this tab, no update may take its place. @param {boolean} open */
export function holdUpdates(open) {
  if (!navigator.locks || open === (release !== null)) return;
  if (!open) {
    release?.();
    release = null;
    return;
  }
  const held = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  navigator.locks.request(OPEN_ENTRY, { mode: "shared" }, () => held);
}

/** @param {() => boolean} needsFallback whether sealing needs the file that others do without */
export async function register(needsFallback) {
  if (!("serviceWorker" in navigator)) return;
  try {
    // Noted before the worker installs, so that its version is only whole together with it.
    if (needsFallback()) await (await caches.open(NEEDS)).put(FALLBACK, new Response());
    const registration = await navigator.serviceWorker.register("/service-worker.js");
    if (navigator.serviceWorker.controller) reloadOnce();
    if (registration.waiting) offerActivation(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && registration.active) offerActivation(coming);
      });
    });
    const { active } = await navigator.serviceWorker.ready;
    if (needsFallback()) active?.postMessage({ keep: "noble.js" });
  } catch {
    // Logging works without it; only the next start needs signal.
  }
}

/** Nobody is in the middle of an entry, in any tab: the new version may start. @param {ServiceWorker} worker */
async function offerActivation(worker) {
  await navigator.locks?.request(OPEN_ENTRY, { ifAvailable: true }, async (lock) => {
    if (lock) worker.postMessage({ activate: true });
  });
}

function reloadOnce() {
  navigator.serviceWorker.addEventListener(
    "controllerchange",
    () => {
      if (release === null && document.body.dataset.screen === "log") location.reload();
    },
    { once: true },
  );
}
