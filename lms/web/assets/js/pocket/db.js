// The pocket's database, a thin cover of IndexedDB. `run` resolves once the transaction is complete, on the disk where a
// browser can promise that: nothing may be called saved before.
const NAME = "pocket";
const VERSION = 1;
const KEYS = {
  profiles: "learner",
  events: ["learner", "device", "n"],
  courses: ["learner", "course"],
  tickets: ["learner", "attempt"],
  drafts: ["learner", "course", "item"],
  notes: ["learner", "id"],
  certificates: ["learner", "number"],
  shelf: "name", // what belongs to nobody: texts by hash, parts of files on their way
};
const INDEXES = { events: { id: "id", state: ["learner", "state"], course: ["learner", "course"] } };

export class Full extends Error {} // no room on the device, or a disk that takes nothing any more
export class Gone extends Error {} // the database does not open, or went away in the middle

let opening = null;
const forget = (base) => {
  if (base) base.close();
  opening = null;
};
const ask = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const make = (base) => {
  for (const [name, keyPath] of Object.entries(KEYS)) {
    const store = base.createObjectStore(name, { keyPath });
    for (const [index, path] of Object.entries(INDEXES[name] || {})) store.createIndex(index, path, { unique: index === "id" });
  }
};

// The connection, made anew after another tab asked for it (`versionchange`) or the browser took it away (`close`).
export const open = () => {
  if (opening) return opening;
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => make(request.result);
  const mine = ask(request).then((base) => {
    base.onversionchange = () => forget(base);
    base.onclose = () => { if (opening === mine) opening = null; };
    return base;
  });
  opening = mine;
  mine.catch(() => { if (opening === mine) opening = null; });
  return mine;
};

// Every key that begins so.
export const of = (...start) => IDBKeyRange.bound(start, [...start, []]);

const cover = (store) => {
  const from = (index) => (index ? store.index(index) : store);
  return {
    get: (key, index) => ask(from(index).get(key)),
    all: (range, { index, limit } = {}) => ask(from(index).getAll(range, limit)),
    keys: (range) => ask(store.getAllKeys(range)),
    count: (range, index) => ask(from(index).count(range)),
    add: (row) => ask(store.add(row)),
    put: (row) => ask(store.put(row)),
    drop: (key) => ask(store.delete(key)),
  };
};

// A database that died says so in as many words as there are browsers; a full disk may be one of them.
const DIED = ["InvalidStateError", "AbortError", "UnknownError", "TimeoutError"];
const FULL = ["QuotaExceededError", "UnknownError"];
let full = false; // nothing was written since the disk was: it does not even open then
const typed = (error, wrote) => {
  const name = error && error.name;
  if (wrote || full ? FULL.includes(name) : name === "QuotaExceededError") {
    full = true;
    return new Full(name);
  }
  return DIED.includes(name) || error === null ? new Gone(name) : error;
};

const once = async (names, mode, work) => {
  const base = await open();
  const transaction = base.transaction(names, mode, { durability: "strict" });
  const over = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error || new DOMException("", "AbortError"));
  });
  over.catch(() => {}); // whoever waits is told below
  let made;
  try {
    made = await work(Object.fromEntries(names.map((name) => [name, cover(transaction.objectStore(name))])));
  } catch (error) {
    try { transaction.abort(); } catch { /* it is over already */ }
    throw transaction.error || error;
  }
  await over;
  return made;
};

// Does the work with these stores in one transaction and gives what it gave. `work` may run twice: a connection that
// died is opened anew and tried once again. Raises Full, Gone, and whatever the work throws (then nothing was written).
export const run = async (names, mode, work) => {
  const wrote = mode === "readwrite";
  let made;
  try {
    made = await once(names, mode, work);
  } catch (error) {
    if (!DIED.includes(error && error.name)) throw typed(error, wrote);
    forget(await (opening || Promise.resolve(null)).catch(() => null));
    try {
      made = await once(names, mode, work);
    } catch (again) {
      throw typed(again, wrote);
    }
  }
  if (wrote) {
    full = false;
    tell(names);
  }
  return made;
};

// Whatever was written is told to every page of the pocket, in this tab and in others, so that what they show is true.
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("pocket") : null;
const announce = (stores, here) => {
  if (typeof document !== "undefined") document.dispatchEvent(new CustomEvent("pocket:changed", { detail: { stores, here } }));
};
const tell = (stores) => {
  if (channel) channel.postMessage(stores);
  announce(stores, true);
};
if (channel) channel.onmessage = ({ data }) => announce(data, false);

// One row, or all of one learner's.
export const one = (name, key) => run([name], "readonly", (stores) => stores[name].get(key));
export const all = (name, learner) => run([name], "readonly", (stores) => stores[name].all(learner === undefined ? undefined : of(learner)));
export const put = (name, row) => run([name], "readwrite", (stores) => stores[name].put(row));
export const drop = (name, key) => run([name], "readwrite", (stores) => stores[name].drop(key));
