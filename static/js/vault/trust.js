// @ts-check
/**
 * Whom this phone believes: the organisation's root, pinned at the first visit, and what it signed.
 *
 * Promises: after the first visit nothing is accepted that the pinned root did not sign; a serial
 * never goes down; an entry is sealed only to a key of a statement that was checked.
 */
import { documentSignedBy, MalformedBody, readDocument } from "../outbox/frames.js";
import { fromText, join, same, sha256, toText, utf8 } from "./bytes.js";
import { recordKeyId } from "./event.js";

/**
 * @typedef {{serial: number, organisation: string, root: Uint8Array, fingerprint: Uint8Array,
 *   record: import("./seal.js").RecordKey, stored: Uint8Array[], opened: Uint8Array[],
 *   publishing: Uint8Array[]}} Keys
 * @typedef {{code: string, label: Record<string, string>, kind?: string, number?: string,
 *   note?: Record<string, string> | null}} Choice
 * @typedef {{serial: number, organisation: string, language: string,
 *   document_within_hours: number, demo: boolean, recipients: Choice[], why: Choice[],
 *   how: Choice[], read_back_days?: number, favourites?: string[],
 *   advice?: {text: {heading: Record<string, string>, text: Record<string, string>}[],
 *     contacts: {label: Record<string, string>, number: string,
 *       note?: Record<string, string> | null}[]}}} Directory
 */

/** Somebody else's root, an older statement, or a wrong signature. */
export class NotTrusted extends Error {}

/** Keys that the pinned root did not sign: somebody stands where the organisation was. */
export class AnotherRoot extends NotTrusted {}

/** @param {Uint8Array} root */
export const fingerprintOf = (root) => sha256(join(utf8("sharelog/1/root"), root));

/**
 * A key statement that holds by its own root; whether that root is *ours* is asked by `Trust`.
 * @param {Uint8Array} raw
 * @returns {Promise<Keys>}
 */
export async function checkKeys(raw) {
  const said = readDocument(raw);
  const root = fromText(said.root, 65);
  if (!(await documentSignedBy("sharelog/1/keys", raw, [root]))) throw new AnotherRoot("signature");
  const size = said.record.suite === 2 ? 1216 : 65;
  const record = {
    suite: said.record.suite,
    id: fromText(said.record.id, 8),
    public: fromText(said.record.public, size),
  };
  if (!same(await recordKeyId(record.suite, record.public), record.id)) {
    throw new NotTrusted("record key id");
  }
  const points = (/** @type {string[]} */ list) => list.map((text) => fromText(text, 65));
  return {
    serial: said.serial,
    organisation: String(said.organisation),
    root,
    fingerprint: await fingerprintOf(root),
    record,
    stored: points(said.stored),
    opened: points(said.opened),
    publishing: points(said.publishing),
  };
}

/** @param {Uint8Array} raw @param {Keys} keys @returns {Promise<Directory>} */
export async function checkDirectory(raw, keys) {
  if (!(await documentSignedBy("sharelog/1/directory", raw, keys.publishing))) {
    throw new NotTrusted("signature");
  }
  const said = readDocument(raw);
  const lists = [said.recipients, said.why, said.how];
  if (!lists.every(Array.isArray)) throw new MalformedBody("directory");
  return said;
}

/** What this phone has pinned and checked, kept for the next offline start. */
export class Trust {
  /** @type {Keys | null} */
  keys = null;
  /** @type {Directory | null} */
  directory = null;

  /** @param {import("./database.js").Vault} vault */
  constructor(vault) {
    this.vault = vault;
  }

  /** Read what was kept; checked again, because a disk is not a witness. */
  async recall() {
    const db = await this.vault.db();
    const [keys, directory] = await Promise.all([
      db.get("trust", "keys"),
      db.get("trust", "directory"),
    ]);
    if (keys) this.keys = await checkKeys(keys);
    if (this.keys && directory) {
      // A directory from before a rotation is dropped; the next contact brings the new one.
      this.directory = await checkDirectory(directory, this.keys).catch(() => null);
    }
  }

  /** @param {Uint8Array} raw as answered by /sync/keys */
  async acceptKeys(raw) {
    const keys = await checkKeys(raw);
    const db = await this.vault.db();
    const tx = db.transaction("trust", "readwrite", { durability: "strict" });
    const [pin, serial] = await Promise.all([tx.store.get("pin"), tx.store.get("serial")]);
    const ours = !pin || same(pin, keys.fingerprint);
    if (!ours || (serial ?? 0) > keys.serial) {
      tx.abort();
      await tx.done.catch(() => {});
      throw ours ? new NotTrusted("an older statement") : new AnotherRoot("another root");
    }
    tx.store.put(keys.fingerprint, "pin");
    tx.store.put(keys.serial, "serial");
    tx.store.put(raw, "keys");
    await tx.done;
    this.keys = keys;
  }

  /** @param {Uint8Array} raw as answered by /sync/directory */
  async acceptDirectory(raw) {
    if (!this.keys) throw new NotTrusted("no key statement yet");
    const directory = await checkDirectory(raw, this.keys);
    if (this.directory && directory.serial < this.directory.serial) {
      throw new NotTrusted("an older directory");
    }
    await (await this.vault.db()).put("trust", raw, "directory");
    this.directory = directory;
  }

  /** Whether a fingerprint from a QR code is the pinned one. @param {string} text */
  isOurs(text) {
    return this.keys !== null && toText(this.keys.fingerprint) === text;
  }
}
