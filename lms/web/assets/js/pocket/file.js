// Her progress as a file that any store under the same root takes, on a stick, by a message, over plain HTTP; and what the
// store answers to it.
import { trusted } from "./certificates.js";
import { run } from "./db.js";
import { isSignedBy } from "./ed25519.js";
import { base64url, sha256, unbase64url, utf8 } from "./keys.js";
import { everything } from "./log.js";

export class BadReceipt extends Error {} // `message`: form, cut, other (somebody else's), unknown (store), signature

const line = (value) => `${JSON.stringify(value)}\n`;

// All that she did on this phone, signed line by line, with the store's word for the phone: an NDJSON file.
export const save = async ({ learner, device, grants, store }) => {
  const rows = await everything(learner);
  const made = new Date().toISOString();
  const told = [
    line({ vereda: "file 1", learner, device, made }),
    ...grants.map(({ raw, signature, store: by }) => line({ grant: { raw, signature }, store: { id: by.id, key: by.key }, trust: (by.key === store.key ? store : by).trust || {} })),
    ...rows.map(({ raw, signature }) => line({ raw, signature })),
    line({ end: rows.length }),
  ];
  return new File(told, `vereda-${made.slice(0, 10)}.ndjson`, { type: "application/x-ndjson" });
};

// By whatever the phone has for that; false where it has nothing or she thought better of it.
export const share = async (file) => {
  const plain = new File([file], file.name.replace(/ndjson$/, "txt"), { type: "text/plain" }); // phones share few kinds
  const files = [file, plain].find((each) => navigator.canShare && navigator.canShare({ files: [each] }));
  if (!files) return false;
  return navigator.share({ files: [files] }).then(() => true, () => false);
};
export const download = (file) => {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

const parsed = (text) => {
  try {
    return JSON.parse(text) || {};
  } catch {
    throw new BadReceipt("form");
  }
};

// What a receipt says, and what its signature is over: of a file, or the short one of a QR code (lms/services/pocket/receipts.py).
const opened = (text) => {
  if (!/^\s*R1[.]/.test(text)) {
    const { vereda, payload, signature, key, trust } = parsed(text);
    if (vereda !== "receipt 1" || ![payload, signature, key].every((each) => typeof each === "string")) throw new BadReceipt("form");
    const { lines = {}, ...told } = parsed(payload);
    const taken = ["accepted", "duplicate", "unproven", "quarantined"].reduce((sum, name) => sum + (lines[name] || 0), 0);
    return { ...told, taken, key, signature, covers: payload, documents: Object.values(trust || {}) };
  }
  const [, payload, signature] = /^R1[.]([\w-]+)[.]([\w-]+)$/.exec(text.trim()) || [];
  if (!payload || payload.length % 4 === 1) throw new BadReceipt("form");
  const plain = new TextDecoder().decode(unbase64url(payload));
  const said = parsed(plain);
  const [store, device, complete, taken, digest, at] = Array.isArray(said) ? said : [];
  return { store, device, complete_to: complete, taken, digest, at, signature, covers: `R1${plain}`, documents: [] };
};

// The lines that the receipt is about: the first so many, if their ids have its digest, else those up to the number that the
// store has every one of.
const covered = async (rows, { taken, digest, device, complete_to: complete }) => {
  const first = rows.slice(0, taken);
  const mine = await sha256(utf8(first.map(({ id }) => id).sort().join("\n")));
  const short = base64url(Uint8Array.from(mine.match(/../g), (byte) => parseInt(byte, 16))).slice(0, 22);
  return [mine, short].includes(digest) ? first : rows.filter((row) => row.device === device && row.n <= complete);
};

// A store's receipt for the file, checked: root, store's key, signature. Her lines in it are marked as held there; they go
// on their way all the same. Gives {taken, at, store}. Raises BadReceipt.
export const receipt = async ({ learner, device, store: own }, text) => {
  const told = opened(text);
  if (told.learner ? told.learner !== learner : told.device !== device) throw new BadReceipt("other");
  const { stores } = await trusted(told.documents).catch(() => ({ stores: [] }));
  const known = [{ store: own.id, key: own.key }, ...stores]; // her own store gave its key with its word for the phone
  const named = known.filter((one) => one.store === told.store && (!told.key || one.key === told.key));
  if (!named.length) throw new BadReceipt("unknown");
  const checks = await Promise.all(named.map((one) => isSignedBy(one.key, told.signature, told.covers).catch(() => false)));
  if (!checks.includes(true)) throw new BadReceipt("signature");
  const rows = await covered(await everything(learner), told);
  await run(["events"], "readwrite", async ({ events }) => {
    for (const { device: from, n } of rows) {
      const row = await events.get([learner, from, n]);
      if (row) await events.put({ ...row, held: told.store });
    }
  });
  return { taken: rows.length, at: told.at, store: told.store };
};
