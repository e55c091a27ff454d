// @ts-check
/**
 * The phone's store for the life of one page, where the browser's own cannot be opened.
 *
 * Promises: it answers as the real one does wherever this app asks; what a transaction wrote that
 * failed or was aborted was never written; nothing outlives the page.
 */

/**
 * @typedef {{keyPath?: string, autoIncrement?: boolean}} Shape
 * @typedef {{path: string | string[], unique: boolean}} Index
 * @typedef {{key: any, primaryKey: any, value: any}} Entry
 */

/** The rows of one store. */
class Rows {
  /** @type {Map<any, any>} */
  byKey = new Map();
  /** @type {Map<string, Index>} */
  indexes = new Map();
  last = 0;

  /** @param {Shape} shape */
  constructor(shape) {
    this.shape = shape;
  }
}

class Transaction {
  /** How to take back what was written, the last first. @type {(() => void)[]} */
  #undo = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #resolve = () => {};
  /** @type {(error: unknown) => void} */
  #reject = () => {};
  done = /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    })
  );

  /** @param {Map<string, Rows>} stores @param {string[]} names */
  constructor(stores, names) {
    this.stores = stores;
    this.names = names;
    this.done.catch(() => {}); // whoever asks is told
    this.#endSoon();
  }

  get store() {
    return this.objectStore(this.names[0]);
  }

  /** @param {string} name */
  objectStore(name) {
    const rows = this.stores.get(name);
    if (!rows || !this.names.includes(name)) throw new DOMException(name, "NotFoundError");
    return new Store(this, rows);
  }

  abort() {
    for (const takeBack of this.#undo.splice(0)) takeBack();
    this.#reject(new DOMException("aborted", "AbortError"));
  }

  /** @template T @param {() => T} act @returns {Promise<T>} */
  async run(act) {
    try {
      return act();
    } catch (error) {
      this.abort();
      throw error;
    } finally {
      this.#endSoon();
    }
  }

  /** @param {() => void} takeBack */
  wrote(takeBack) {
    this.#undo.unshift(takeBack);
  }

  /** A transaction ends when nothing more is asked of it. */
  #endSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resolve(), 0);
  }
}

/** Asked like a store, or like one of its indexes. */
class Source {
  /** @param {Transaction} tx @param {Rows} rows @param {string | string[] | null} path of an index */
  constructor(tx, rows, path = null) {
    this.tx = tx;
    this.rows = rows;
    this.path = path;
  }

  /** @param {any} wanted @param {number} [most] @returns {Entry[]} */
  #found(wanted, most) {
    const found = [];
    for (const [primaryKey, value] of this.rows.byKey) {
      const key = this.path === null ? primaryKey : keyIn(value, this.path);
      if (key !== undefined && matches(wanted, key)) found.push({ key, primaryKey, value });
    }
    const order = (/** @type {any} */ a, /** @type {any} */ b) => indexedDB.cmp(a, b);
    found.sort((a, b) => order(a.key, b.key) || order(a.primaryKey, b.primaryKey));
    return found.slice(0, most);
  }

  /** @param {any} wanted */
  get = (wanted) => this.tx.run(() => this.#found(wanted)[0]?.value);
  /** @param {any} wanted */
  getKey = (wanted) => this.tx.run(() => this.#found(wanted)[0]?.primaryKey);
  /** @param {any} [wanted] */
  count = (wanted) => this.tx.run(() => this.#found(wanted).length);
  /** @param {any} [wanted] @param {number} [most] */
  getAll = (wanted, most) => this.tx.run(() => this.#found(wanted, most).map((one) => one.value));
  /** @param {any} [wanted] @param {number} [most] */
  getAllKeys = (wanted, most) =>
    this.tx.run(() => this.#found(wanted, most).map((one) => one.primaryKey));

  /** @param {any} [wanted] @param {"next" | "prev"} [direction] */
  openCursor = (wanted, direction = "next") =>
    this.tx.run(() => {
      const all = this.#found(wanted);
      return cursorAt(direction === "prev" ? all.reverse() : all, 0, this.tx);
    });
}

class Store extends Source {
  /** @param {string} name */
  index(name) {
    const index = this.rows.indexes.get(name);
    if (!index) throw new DOMException(name, "NotFoundError");
    return new Source(this.tx, this.rows, index.path);
  }

  /** @param {any} value @param {any} [key] */
  put = (value, key) => this.tx.run(() => this.#write(value, key));

  /** @param {any} value @param {any} [key] */
  add = (value, key) =>
    this.tx.run(() => {
      const wanted = key ?? value[this.rows.shape.keyPath ?? ""];
      if (this.rows.byKey.has(wanted)) throw new DOMException("the same key", "ConstraintError");
      return this.#write(value, key);
    });

  /** @param {any} key */
  delete = (key) => this.tx.run(() => this.#set(key, undefined));
  clear = () =>
    this.tx.run(() => {
      for (const key of Array.from(this.rows.byKey.keys())) this.#set(key, undefined);
    });

  /** @param {any} value @param {any} given */
  #write(value, given) {
    const { keyPath, autoIncrement } = this.rows.shape;
    let row = value;
    if (keyPath && autoIncrement && value[keyPath] === undefined) {
      this.rows.last += 1;
      row = { ...value, [keyPath]: this.rows.last };
    }
    const key = keyPath ? row[keyPath] : given;
    if (key === undefined) throw new DOMException("no key", "DataError");
    for (const index of this.rows.indexes.values()) this.#keepUnique(index, key, row);
    this.#set(key, row);
    return key;
  }

  /** @param {Index} index @param {any} key @param {any} row */
  #keepUnique({ path, unique }, key, row) {
    const mine = keyIn(row, path);
    if (!unique || mine === undefined) return;
    for (const [other, value] of this.rows.byKey) {
      if (other !== key && matches(mine, keyIn(value, path))) {
        throw new DOMException("not unique", "ConstraintError");
      }
    }
  }

  /** @param {any} key @param {any} row */
  #set(key, row) {
    const { byKey } = this.rows;
    const before = byKey.get(key);
    this.tx.wrote(() => (before === undefined ? byKey.delete(key) : byKey.set(key, before)));
    if (row === undefined) byKey.delete(key);
    else byKey.set(key, row);
  }
}

/** What the app asks of a database, as `idb` gives it. */
export class MemoryDatabase {
  /** @type {Map<string, Rows>} */
  #stores = new Map();

  /** @param {(db: any) => void} shape makes the stores, as in an upgrade */
  constructor(shape) {
    shape(this);
  }

  get objectStoreNames() {
    const names = Array.from(this.#stores.keys());
    return Object.assign(names, { contains: (/** @type {string} */ one) => names.includes(one) });
  }

  /** @param {string} name @param {Shape} [shape] */
  createObjectStore(name, shape = {}) {
    const rows = new Rows(shape);
    this.#stores.set(name, rows);
    return {
      createIndex(
        /** @type {string} */ index,
        /** @type {string | string[]} */ path,
        { unique = false } = {},
      ) {
        rows.indexes.set(index, { path, unique });
      },
    };
  }

  /** Take over what another database has. @param {string} name @param {any[]} keys @param {any[]} values */
  fill(name, keys, values) {
    const rows = this.#stores.get(name);
    if (!rows) return;
    rows.byKey = new Map(keys.map((key, i) => [key, values[i]]));
    if (rows.shape.autoIncrement) rows.last = Math.max(0, ...keys);
  }

  /** How many rows stand there now, for whoever cannot wait. @param {string} name */
  size(name) {
    return this.#stores.get(name)?.byKey.size ?? 0;
  }

  /** @param {string | string[]} names */
  transaction(names) {
    return new Transaction(this.#stores, [names].flat());
  }

  /** @param {string} store */
  #store = (store) => this.transaction(store).store;
  /** @param {string} store @param {any} key */
  get = (store, key) => this.#store(store).get(key);
  /** @param {string} store @param {any} key */
  getKey = (store, key) => this.#store(store).getKey(key);
  /** @param {string} store */
  getAll = (store) => this.#store(store).getAll();
  /** @param {string} store */
  count = (store) => this.#store(store).count();
  /** @param {string} store @param {any} value @param {any} [key] */
  put = (store, value, key) => this.#store(store).put(value, key);
  /** @param {string} store @param {any} key */
  delete = (store, key) => this.#store(store).delete(key);
  /** @param {string} store @param {string} index @param {any} key */
  getFromIndex = (store, index, key) => this.#store(store).index(index).get(key);
  /** @param {string} store @param {string} index @param {any} key */
  getKeyFromIndex = (store, index, key) => this.#store(store).index(index).getKey(key);
  close() {}
}

/** @param {any} value @param {string | string[]} path @returns {any} */
function keyIn(value, path) {
  if (!Array.isArray(path)) return value[path];
  const parts = path.map((part) => value[part]);
  return parts.includes(undefined) ? undefined : parts;
}

/** @param {any} wanted a key, a range, or nothing in particular @param {any} key */
function matches(wanted, key) {
  if (wanted === undefined || wanted === null) return true;
  if (wanted instanceof IDBKeyRange) return wanted.includes(key);
  return key !== undefined && indexedDB.cmp(wanted, key) === 0;
}

/** @param {Entry[]} all @param {number} at @param {Transaction} tx @returns {any} */
function cursorAt(all, at, tx) {
  if (at >= all.length) return null;
  return { ...all[at], continue: () => tx.run(() => cursorAt(all, at + 1, tx)) };
}
