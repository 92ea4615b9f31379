/**
 * What this browser keeps for its readers until the server has it. Two stores: `drafts`, a sheet in
 * hand by [reader, token], and `outbox`, sheets to be sent in the order of their `seq`. Neither holds
 * an image, a name or anything else of a person.
 */

const NAME = "radrate";
const STORES = ["drafts", "outbox"];
const KEPT_FOR_OTHERS_MS = 7 * 24 * 3600 * 1000;

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class IndexedDatabase {
  #connection;

  persists = true;

  constructor(connection) {
    this.#connection = connection;
    connection.onversionchange = () => connection.close();
  }

  async get(store, key) {
    return (await result(this.#read(store).get(key))) ?? null;
  }

  /** @returns {Promise<object[]>} in the order of their keys */
  all(store) {
    return result(this.#read(store).getAll());
  }

  /**
   * All of the changes or none of them. They are handed over before this returns, so that they
   * survive the tab.
   * @param {[string, "put" | "delete", any][]} changes store, action and what it takes
   * @param {{isStrict?: boolean}} how strict survives the computer: it is on the disk
   * @returns {Promise<any[]>} what the actions returned
   */
  write(changes, { isStrict = false } = {}) {
    return new Promise((resolve, reject) => {
      const options = { durability: isStrict ? "strict" : "relaxed" };
      const transaction = this.#connection.transaction(STORES, "readwrite", options);
      const requests = changes.map(([store, action, argument]) =>
        transaction.objectStore(store)[action](argument),
      );
      transaction.oncomplete = () => resolve(requests.map((request) => request.result));
      transaction.onabort = () => reject(transaction.error);
      transaction.commit?.();
    });
  }

  #read(store) {
    return this.#connection.transaction(store).objectStore(store);
  }
}

/** The same for a browser that keeps nothing, and for tests: gone with the page. */
export class MemoryDatabase {
  #stores = { drafts: new Map(), outbox: new Map() };
  #last = 0;

  persists = false;

  async get(store, key) {
    return structuredClone(this.#stores[store].get(String(key)) ?? null);
  }

  async all(store) {
    const records = [...this.#stores[store].values()];
    if (store === "outbox") records.sort((one, other) => one.seq - other.seq);
    return structuredClone(records);
  }

  async write(changes) {
    return changes.map(([store, action, argument]) => this.#apply(store, action, argument));
  }

  #apply(store, action, argument) {
    if (action === "delete") return void this.#stores[store].delete(String(argument));
    const record = structuredClone(argument);
    if (store === "outbox") record.seq ??= this.#last += 1;
    const key = store === "outbox" ? record.seq : [record.reader, record.token];
    this.#stores[store].set(String(key), record);
    return key;
  }
}

/** Never fails: where the browser keeps nothing, `persists` is false. */
export async function openDatabase(factory = globalThis.indexedDB) {
  try {
    const request = factory.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: ["reader", "token"] });
      request.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    };
    return new IndexedDatabase(await result(request));
  } catch {
    return new MemoryDatabase();
  }
}

const keyOf = { drafts: ({ reader, token }) => [reader, token], outbox: ({ seq }) => seq };

async function removeWhere(database, isGone) {
  for (const store of STORES) {
    const gone = (await database.all(store)).filter(isGone);
    await database.write(gone.map((record) => [store, "delete", keyOf[store](record)]));
  }
}

/** What other readers of this computer left behind is removed after a week. */
export function removeOld(database, readerKey, now = Date.now()) {
  const isOld = ({ reader, at }) => reader !== readerKey && at < now - KEPT_FOR_OTHERS_MS;
  return removeWhere(database, isOld);
}

/** At the logout. */
export function removeAllOf(database, readerKey) {
  return removeWhere(database, ({ reader }) => reader === readerKey);
}
