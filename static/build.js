// @ts-check
/**
 * Builds what browsers load into static/built/, and says in files.json what is what.
 *
 * Promises: the same sources give the same files; every file but the service worker is named by
 * its content; nothing points to another origin.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compileAsync } from "sass";
import { pngIcon, svgIcon } from "./icons.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "built");
/** The oldest browsers it is built for: said on the page, and nowhere else. @type {Record<string, string>} */
const BROWSERS = JSON.parse(await readFile(join(HERE, "browsers.json"), "utf8"));
const TARGETS = Object.entries(BROWSERS).map(([name, version]) => name + version);
const PACKAGES = join(HERE, "..", "node_modules");

/** Rooms the app loads by `import()` when they are asked for, and that must be there without signal. @type {string[]} */
const OFFLINE = [
  "js/capture/fixing.js",
  "js/capture/left.js",
  "js/help/help.js",
  "js/outbox/send.js",
  "js/phone/switching.js",
  "js/phone/this-phone.js",
  "js/reading/reading.js",
  "js/shell/carrying.js",
  "js/shell/stand-in.js",
];

/** All that practice may be made of. */
const PRACTISES = /^js\/(practice|capture|shell)\//;

/**
 * `start`: needed before anything can be logged, kept by the service worker. `offline`: loaded
 * when asked for, and kept by the service worker too. `later`: fetched where needed. `record`: for
 * the record door. `worker`: the service worker, whose name never changes.
 * @typedef {"start" | "offline" | "later" | "record" | "worker" | "icon"} Use
 * @type {Record<string, {file: string, sha256: string, size: number, gzipped: number, use: Use}>}
 */
const files = {};
/** Everything is made before anything is written: a build that fails leaves the last one alone. @type {Map<string, Uint8Array>} */
const contents = new Map();

/** @param {string} name @param {Uint8Array | string} content @param {Use} use @param {string} [file] */
function put(name, content, use, file) {
  const bytes = Buffer.from(content);
  refuseForeign(name, bytes.toString("latin1"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const hashed = file ?? name.replace(/(\.\w+)$/, `-${sha256.slice(0, 10)}$1`);
  const small = gzipSync(bytes, { level: 9 });
  contents.set(hashed, bytes);
  if (!name.endsWith(".png")) contents.set(`${hashed}.gz`, small);
  files[name] = { file: hashed, sha256, size: bytes.length, gzipped: small.length, use };
}

/** What a file would load when it is used; an address of another origin among them. @type {Record<string, RegExp>} */
const FOREIGN = {
  css: /(?:url\(|@import)\s*["']?\s*((?:https?:)?\/\/[^"')]*)/i,
  js: /(?:\bimport|\bfrom|\bimport\s*\(|\bimportScripts\s*\(|\bfetch\s*\(|Worker\s*\()\s*["'`]((?:https?:)?\/\/[^"'`]*)/,
};

/**
 * Nothing of another origin: it would be opaque to the service worker, which could not check it.
 * @param {string} name
 * @param {string} text
 */
function refuseForeign(name, text) {
  const found = FOREIGN[name.split(".").at(-1) ?? ""]?.exec(text);
  if (found) throw new Error(`${name} points to another origin: ${found[1]}`);
}

/**
 * @param {Record<string, string>} entryPoints
 * @param {Partial<import("esbuild").BuildOptions>} [more]
 * @returns {Promise<import("esbuild").BuildResult<{write: false, metafile: true}>>}
 */
async function bundle(entryPoints, more = {}) {
  const made = await build({
    entryPoints,
    bundle: true,
    minify: true,
    format: "esm",
    target: TARGETS,
    legalComments: "none",
    outdir: BUILT,
    absWorkingDir: HERE,
    define: { "process.env.NODE_ENV": '"production"' },
    ...more,
    write: false,
    metafile: true,
  });
  for (const [name, { imports }] of Object.entries(made.metafile.outputs)) {
    for (const { path } of imports) refuseForeign(name, `import "${path}"`);
  }
  return made;
}

/**
 * All offline rooms in one file, whichever of them is asked for, and their style with them. On their own, every set of rooms
 * that share something would become one more file to keep.
 * @type {import("esbuild").Plugin}
 */
const together = {
  name: "together",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== "dynamic-import" || pluginData?.asked) return undefined;
      const asked = await resolve(path, {
        kind,
        importer,
        resolveDir,
        pluginData: { asked: true },
      });
      const isRoom = OFFLINE.some((room) => join(HERE, room) === asked.path);
      return isRoom ? { path: "rooms", namespace: "offline" } : undefined;
    });
    onLoad({ filter: /./, namespace: "offline" }, async () => {
      const { outputFiles } = await bundle({ rooms: "css/rooms.css" });
      const dress = `const sheet = new CSSStyleSheet();
        sheet.replaceSync(${JSON.stringify(outputFiles[0].text)});
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];`;
      const rooms = OFFLINE.map((room) => `export * from "./${room}";`);
      return { contents: [...rooms, dress].join("\n"), resolveDir: HERE };
    });
  },
};

/**
 * The fallback brings its own of hpke: what it shared with the app would be one more file to keep.
 * @type {import("esbuild").Plugin}
 */
const apart = {
  name: "apart",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^hpke$/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData?.asked || !importer.includes("hpke-noble")) return undefined;
      const found = await resolve(path, {
        kind,
        importer,
        resolveDir,
        pluginData: { asked: true },
      });
      return { path: found.path, suffix: "?apart" };
    });
  },
};

/** The app, its chunks named by what they are for. */
async function phoneScripts() {
  const { outputFiles, metafile } = await bundle(
    { app: "js/shell/main.js" },
    // qr-scanner's own reader would start a worker from a blob, which our rules forbid.
    {
      splitting: true,
      plugins: [together, apart],
      entryNames: "[name]-[hash]",
      chunkNames: "[name]-[hash]",
      external: ["./qr-scanner-worker.min.js"],
    },
  );
  const { outputs } = metafile;
  const start = withImports(outputs, (path) => /\/app-[^/]+$/.test(path));
  const offline = withImports(outputs, (path) => outputs[path].entryPoint === "offline:rooms");
  for (const { path, contents: code } of outputFiles) {
    const file = path.slice(BUILT.length + 1);
    const output = `built/${file}`;
    const shared = file.startsWith("chunk-");
    const name = shared ? file : file.replace(/-[^-]+\.js$/, ".js");
    const use = start.has(output) ? "start" : offline.has(output) ? "offline" : "later";
    put(name, code, use, file);
  }
}

/**
 * These outputs and whatever they cannot begin without.
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {(path: string) => boolean} wanted
 */
function withImports(outputs, wanted) {
  const found = new Set(Object.keys(outputs).filter(wanted));
  for (const path of found) {
    for (const { path: needed, kind } of outputs[path].imports) {
      if (kind === "import-statement") found.add(needed);
    }
  }
  return found;
}

/** Practice in a file of its own: no room that can seal, keep, read or send may get into it. */
async function practice() {
  const { outputFiles, metafile } = await bundle({ practice: "js/practice/main.js" });
  const able = Object.keys(metafile.inputs).filter((file) => !PRACTISES.test(file));
  if (able.length > 0) throw new Error(`practice must not hold ${able.join(", ")}`);
  put("practice.js", outputFiles[0].contents, "offline");
}

/** A classic script of its own, for browsers that cannot read any of the others. */
async function oldBrowser() {
  const code = await readFile(join(HERE, "js/shell/old-browser.js"), "utf8");
  const { outputFiles } = await build({
    stdin: { contents: code, loader: "js" },
    minify: true,
    target: "es5",
    write: false,
    legalComments: "none",
  });
  put("old-browser.js", outputFiles[0].contents, "start");
}

/** The worker inside qr-scanner, as a file of its own. */
async function qrWorker() {
  const text = await readFile(join(PACKAGES, "qr-scanner/qr-scanner-worker.min.js"), "utf8");
  const source = /new Blob\(\[`([\s\S]*)`\]/.exec(text)?.[1];
  if (!source) throw new Error("qr-scanner no longer holds its worker as text");
  const code = String(runInNewContext(`\`${source}\``));
  const { outputFiles } = await build({
    stdin: { contents: code, loader: "js" },
    minify: true,
    write: false,
    legalComments: "none",
  });
  put("qr-worker.js", outputFiles[0].contents, "later");
}

async function phoneStyles() {
  const { outputFiles } = await bundle({ phone: "css/phone.css" });
  put("phone.css", outputFiles[0].contents, "start");
}

async function serviceWorker() {
  const { outputFiles } = await bundle(
    { "service-worker": "service-worker.js" },
    { format: "iife" },
  );
  put("service-worker.js", outputFiles[0].contents, "worker", "service-worker.js");
}

function icons() {
  put("icon.svg", svgIcon(), "start");
  put("icon-192.png", pngIcon(192, false), "icon");
  put("icon-512.png", pngIcon(512, false), "icon");
  put("icon-maskable.png", pngIcon(512, true), "icon");
}

/** What the record door loads: its style, and one script of govuk-frontend, htmx and its own. */
async function record() {
  const style = join(HERE, "css/record.scss");
  if (existsSync(style)) {
    const { css } = await compileAsync(style, {
      loadPaths: [PACKAGES],
      style: "compressed",
      quietDeps: true,
    });
    put("record.css", css, "record");
  }
  const folder = join(HERE, "js/record");
  const own = existsSync(folder) ? await readdir(folder) : [];
  const entry = own.includes("main.js")
    ? ["main.js"]
    : own.filter((name) => name.endsWith(".js")).sort();
  const imports = entry.map((name) => `import "./js/record/${name}";`).join("\n");
  if (!imports) return;
  const { outputFiles } = await build({
    stdin: { contents: imports, resolveDir: HERE, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: TARGETS,
    legalComments: "none",
  });
  put("record.js", outputFiles[0].contents, "record");
}

icons();
await Promise.all([
  phoneScripts(),
  practice(),
  oldBrowser(),
  qrWorker(),
  phoneStyles(),
  serviceWorker(),
  record(),
]);
const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
contents.set("browsers.json", Buffer.from(JSON.stringify(BROWSERS)));
contents.set("files.json", Buffer.from(`${JSON.stringify(sorted, null, 2)}\n`));
await rm(BUILT, { recursive: true, force: true });
await mkdir(BUILT, { recursive: true });
await Promise.all(Array.from(contents, ([file, bytes]) => writeFile(join(BUILT, file), bytes)));
