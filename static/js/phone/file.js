// @ts-check
/** The way out of a phone that is dying, and the way in for what another one saved. */
import { MAX_BYTES, makeParcels, NotAParcel, parcelName, readParcel } from "../outbox/parcel.js";
import { byId } from "../shell/find.js";
import { counted, word } from "../shell/words.js";

const TYPE = "text/plain";
/** A link must stand as long as the browser still reads from it. */
const LINK_MS = 60_000;

export class WaitingFile {
  /**
   * @param {import("./this-phone.js").Rooms} rooms
   * @param {import("../outbox/carried.js").Cargo} cargo
   * @param {import("./others.js").Others} others
   * @param {() => void} changed
   */
  constructor(rooms, cargo, others, changed) {
    this.rooms = rooms;
    this.cargo = cargo;
    this.others = others;
    this.changed = changed;
    byId("file-save").addEventListener("click", () => this.#save(download));
    byId("file-share").addEventListener("click", () => this.#save(pass));
    byId("file-share").hidden = !canPass();
    const bring = /** @type {HTMLInputElement} */ (byId("file-bring"));
    bring.addEventListener("change", async () => {
      const file = bring.files?.[0];
      if (file) await this.#bring(file);
      bring.value = "";
    });
  }

  async show() {
    const counts = await this.cargo.counts();
    const lines = Object.entries(counts).filter(([, count]) => count > 0);
    byId("carried").hidden = lines.length === 0;
    byId("carried-list").replaceChildren(
      ...lines.map(([state, n]) => {
        const item = document.createElement("li");
        item.textContent = counted(`carried.${state}`, n);
        return item;
      }),
    );
  }

  /** @param {(files: File[]) => Promise<string>} how */
  async #save(how) {
    try {
      const own = await Promise.all((await this.#stores()).map(waitingIn));
      const events = [...own.flat(), ...(await this.cargo.undelivered())];
      if (events.length === 0) return this.#say(word("file.nothing"));
      const at = this.rooms.clock.now();
      const texts = makeParcels(events);
      const files = texts.map(
        (text, i) => new File([text], parcelName(at, i + 1, texts.length), { type: TYPE }),
      );
      const said = await how(files);
      this.#say(said === "file.saved" ? counted(said, events.length) : word(said));
    } catch {
      this.#say(word("file.not-saved"));
    }
  }

  /** The stores of everybody on this phone. @returns {Promise<import("../vault/database.js").Database[]>} */
  async #stores() {
    const vaults = [this.rooms.vault, ...(await this.others.vaults())];
    return Promise.all(vaults.map((vault) => vault.db()));
  }

  /** @param {File} file */
  async #bring(file) {
    try {
      if (file.size > MAX_BYTES) throw new NotAParcel();
      const events = readParcel(new Uint8Array(await file.arrayBuffer()));
      const stores = await this.#stores();
      const own = async (/** @type {string} */ id) => {
        const keys = stores.map((db) => db.getKeyFromIndex("events", "id", id));
        return (await Promise.all(keys)).some((key) => key !== undefined);
      };
      const found = await this.cargo.load(events, this.rooms.clock.now(), own);
      this.#say(wordsOf(found));
      this.changed();
      this.rooms.outbox.sync();
    } catch (error) {
      this.#say(word(error instanceof NotAParcel ? "file.wrong" : "file.not-kept"));
    }
  }

  /** @param {string} text */
  #say(text) {
    byId("file-said").textContent = text;
  }
}

/** Everything in a store without a receipt, parked ones too, oldest first. @param {import("../vault/database.js").Database} db @returns {Promise<Uint8Array[]>} */
async function waitingIn(db) {
  const tx = db.transaction(["events", "states"]);
  const states = tx.objectStore("states");
  const [numbers, answered, parked] = await Promise.all([
    tx.objectStore("events").getAllKeys(),
    states.getAllKeys(),
    states.index("state").getAllKeys("parked"),
  ]);
  const [done, again] = [new Set(answered), new Set(parked)];
  const wanted = numbers.filter((n) => !done.has(n) || again.has(n));
  const rows = await Promise.all(wanted.map((n) => tx.objectStore("events").get(n)));
  return rows.filter((row) => row?.bytes?.length > 0).map((row) => row.bytes);
}

/** @param {{taken: number, known: number, own: number, wrong: number}} found */
function wordsOf({ taken, known, own, wrong }) {
  if (taken > 0) return counted("file.taken", taken);
  if (known > 0) return word("file.known");
  return word(own > 0 && wrong === 0 ? "file.own" : "file.wrong");
}

/** @param {File[]} files */
async function download(files) {
  for (const file of files) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), LINK_MS);
  }
  return "file.saved";
}

/** @param {File[]} files */
async function pass(files) {
  try {
    await navigator.share({ files });
    return "file.passed";
  } catch (error) {
    const closed = error instanceof DOMException && error.name === "AbortError";
    return closed ? "file.not-passed" : download(files);
  }
}

function canPass() {
  const probe = new File(["x"], "sharelog-waiting.txt", { type: TYPE });
  return Boolean(navigator.canShare?.({ files: [probe] }));
}
