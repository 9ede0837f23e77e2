// Her progress as a file that any store under the same root takes, on a stick, by a message, over plain HTTP; and what the
// store answers to it.
import { trust as held, trusted } from "./certificates.js";
import { run } from "./db.js";
import { isSignedBy } from "./ed25519.js";
import { sha256, utf8 } from "./keys.js";
import { everything } from "./log.js";

export class BadReceipt extends Error {} // `message`: form, cut, other (somebody else's), unknown (store), signature

const line = (value) => `${JSON.stringify(value)}\n`;

// All that she did on this phone, signed line by line, with the store's word for the phone: an NDJSON file.
export const save = async ({ learner, device, grants }) => {
  const rows = await everything(learner);
  const known = await held();
  const lead = known && { roots: known.roots, lists: known.lists };
  const made = new Date().toISOString();
  const told = [
    line({ vereda: "file 1", learner, device, made }),
    ...grants.map(({ raw, signature, store, trust }) => line({ grant: { raw, signature }, store, trust: trust || lead })),
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

// The lines that the receipt is about: those whose ids have its digest, else those up to the number that the store has
// every one of.
const covered = async (rows, { lines, digest, device, complete_to: complete }) => {
  const taken = ["accepted", "duplicate", "unproven", "quarantined"].reduce((sum, name) => sum + (lines[name] || 0), 0);
  const first = rows.slice(0, taken);
  const mine = await sha256(utf8(first.map(({ id }) => id).sort().join("\n")));
  return mine === digest ? first : rows.filter((row) => row.device === device && row.n <= complete);
};

// A store's receipt for the file, checked: root, store's key, signature. Her lines in it are marked as held there; they go
// on their way all the same. Gives {taken, at, store}. Raises BadReceipt.
export const receipt = async ({ learner }, text) => {
  const { vereda, payload, signature, key, trust } = parsed(text);
  if (vereda !== "receipt 1" || ![payload, signature, key].every((each) => typeof each === "string")) throw new BadReceipt("form");
  const told = parsed(payload);
  if (told.learner !== learner) throw new BadReceipt("other");
  const { stores } = await trusted((trust || {}).lists || []).catch(() => ({ stores: [] }));
  if (!stores.some((store) => store.key === key && store.store === told.store)) throw new BadReceipt("unknown");
  if (!await isSignedBy(key, signature, payload).catch(() => false)) throw new BadReceipt("signature");
  const rows = await covered(await everything(learner), told);
  await run(["events"], "readwrite", async ({ events }) => {
    for (const { device, n } of rows) {
      const row = await events.get([learner, device, n]);
      if (row) await events.put({ ...row, held: told.store });
    }
  });
  return { taken: rows.length, at: told.at, store: told.store };
};
