// @ts-check
/**
 * Starts the app from this phone, with no request. `self.shell` is put in front of this file by
 * the door: which files the version consists of, and the SHA-256 of each.
 *
 * Promises: a version is kept whole or not at all; one file that is not the one that was built
 * leaves the old version running; nothing but GET of our own files is touched, so that an answer
 * about entries never comes from here.
 */

/**
 * @typedef {{url: string, sha256: string, name: string}} ShellFile
 * @typedef {{version: string, languages: Record<string, string>, start: ShellFile[],
 *   offline: ShellFile[], later: ShellFile[]}} Shell
 */

const worker = /** @type {any} */ (self);
/** @type {Shell} */
const shell = worker.shell;
const CACHE = `sharelog-${shell.version}`;
/** Where the page notes the language that was chosen: it outlives every version. */
const CHOICE = { cacheName: "language" };
const CARRIED_FOR_MS = 10_000;

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const name = nameOf(event.request);
  if (name) event.respondWith(inLanguage(name).then((page) => answer(page, event)));
});
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data?.activate) worker.skipWaiting();
  if (event.data?.carry) event.waitUntil(carry(event));
  if (event.data?.take) event.ports[0].postMessage(handOut(event.data.take));
  const wanted = shell.later.find((file) => file.name === event.data?.keep);
  if (wanted) event.waitUntil(keep(wanted));
});

/** What a page in one language hands to the next: in memory, for a moment, to be taken once. @type {{to: string, what: unknown} | null} */
let carried = null;

/** @param {any} event */
async function carry({ data, ports }) {
  const mine = { to: data.to, what: data.carry };
  carried = mine;
  ports[0].postMessage(true);
  await new Promise((resolve) => setTimeout(resolve, CARRIED_FOR_MS));
  if (carried === mine) carried = null;
}

/** @param {string} language of the page that asks */
function handOut(language) {
  if (carried?.to !== language) return null;
  const { what } = carried;
  carried = null;
  return what;
}

async function install() {
  const wanted = [...shell.start, ...shell.offline, ...(await keptBefore())];
  // All are fetched and checked before there is a place for the first: what does not come whole
  // leaves nothing behind, even if this worker is ended in the middle of it.
  const answers = await Promise.all(wanted.map(fetchChecked));
  // A release that was taken back comes again: this very version may be the one that runs.
  const runs = worker.registration.active && (await caches.has(CACHE));
  const fill = () => Promise.all(wanted.map((file, i) => store(file.url, answers[i].clone())));
  try {
    // A power cut can leave a place by name that takes nothing: then another is begun.
    await fill().catch(async (error) => {
      if (runs || !(await caches.delete(CACHE))) throw error;
      await fill();
    });
  } catch (error) {
    if (!runs) await caches.delete(CACHE);
    throw error;
  }
}

/**
 * What this browser needs beyond the rest, under its new name: noted by the page before the first
 * install, afterwards found in the cache of the running version.
 */
async function keptBefore() {
  /** @type {Set<string>} */
  const names = new Set();
  for (const name of await olderCaches()) {
    const keys = await (await caches.open(name)).keys();
    for (const { url } of keys) names.add(new URL(url).pathname.replace(/-[^-.]+\./, "."));
  }
  return shell.later.filter((file) => names.has(`/static/${file.name}`));
}

async function activate() {
  await Promise.all((await olderCaches()).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function olderCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("sharelog-") && name !== CACHE);
}

/** @param {ShellFile} file */
async function fetchChecked(file) {
  // A name with a hash may come from the browser's own cache, unless that copy is damaged.
  const hashed = file.url.startsWith("/static/");
  if (!hashed) return fetchOnce(file, "no-cache");
  return fetchOnce(file, "default").catch(() => fetchOnce(file, "reload"));
}

/** @param {ShellFile} file @param {RequestCache} cache */
async function fetchOnce({ url, sha256 }, cache) {
  const answer = await fetch(url, { cache, credentials: "omit", redirect: "error" });
  const bytes = await answer.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!answer.ok || hex !== sha256) throw new Error(`not the file that was built: ${url}`);
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding"); // the bytes stand here inflated
  headers.delete("Content-Length");
  return new Response(bytes, { headers });
}

/** @param {string} name @param {Response} answer */
const store = async (name, answer) => (await caches.open(CACHE)).put(name, answer);

/** @param {ShellFile} file */
async function keep(file) {
  const cache = await caches.open(CACHE);
  if (!(await cache.match(file.url))) await cache.put(file.url, await fetchChecked(file));
}

/** The file of ours that is asked for, or nothing. @param {Request} request */
function nameOf(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return null;
  const ours = [...shell.start, ...shell.offline].some((file) => file.url === url.pathname);
  if (ours || isPage(url.pathname)) return url.pathname;
  return url.pathname.startsWith("/static/") ? url.pathname : null;
}

/** @param {string} name */
const isPage = (name) => name === "/" || name.slice(1) in shell.languages;

/**
 * Where the page in the wanted language lies in the cache: an address of a language means that
 * one, the plain one means what was last chosen on this phone.
 * @param {string} name
 */
async function inLanguage(name) {
  if (!isPage(name)) return name;
  if (name !== "/") return shell.languages[name.slice(1)];
  const chosen = await (await caches.match("/", CHOICE).catch(() => null))?.text();
  return shell.languages[chosen ?? ""] ?? "/";
}

/** @param {string} name @param {any} event */
async function answer(name, event) {
  // A place that cannot be read any more must not stand in the way of what comes with signal.
  const kept = await caches.match(name, { cacheName: CACHE }).catch(() => null);
  if (kept) return kept;
  const whole = [...shell.start, ...shell.offline];
  const ours = [...whole, ...shell.later].find((file) => file.url === name);
  if (!ours) return fetch(event.request);
  // What the browser took away comes back whole, or the next start without signal would fail.
  if (whole.includes(ours)) event.waitUntil(Promise.allSettled(whole.map(keep)));
  const fresh = await fetchChecked(ours).catch(() => null);
  if (!fresh) return fetch(event.request); // a newer version is there already
  await store(name, fresh.clone()).catch(() => {});
  return fresh;
}
