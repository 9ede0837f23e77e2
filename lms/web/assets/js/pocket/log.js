// What she does becomes a line of her log, made once and signed before it is kept: no line is ever there without its
// signature, and none has the number of another, whatever other tabs do (docs/decisions/0044).
import { of, run } from "./db.js";
import { sha256, sign, utf8 } from "./keys.js";
import { TYPES } from "./types.js";
import { uuid7 } from "./uuid7.js";
export { TYPES };

const LONGEST = 16 * 1024; // bytes of a line (lms/learning/events.py)

export class TooLong extends Error {} // more than any honest act needs
export class NoProfile extends Error {} // she was removed from this phone meanwhile

// A line, with its fields in the order that the store has them in.
const line = (profile, n, { id, type, course = null, release = null, item = null, data = {} }) => JSON.stringify({
  v: 1, id, type, learner: profile.learner, device: profile.device, n, by: profile.learner, store: null, at: new Date().toISOString(), course, release, item, data,
});

// Half a character, which some keyboards leave behind, has no UTF-8 and no place in a line.
const whole = (value) => {
  if (typeof value === "string") return value.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length > 1 ? found : "\ufffd"));
  if (Array.isArray(value)) return value.map(whole);
  return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, each]) => [whole(name), whole(each)])) : value;
};

// A code to read out, by which the store finds the line: the first forty bits of its hash.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeOf = async (raw) => {
  const bits = BigInt(`0x${(await sha256(utf8(raw))).slice(0, 10)}`).toString(2).padStart(40, "0");
  return bits.match(/.{5}/g).map((five) => ALPHABET[parseInt(five, 2)]).join("").replace(/^.{4}/, "$&-");
};

const MOVED = Symbol("another line has this number");

// Keeps one act and gives its row, when it is on the disk: only then is it saved. The number is looked at again within the
// transaction, and the line is made and signed anew where another tab was quicker. `id`: of the form, so that a double
// click is one act. `also(stores, row)`: what is to be written in the same transaction, in the stores of `stores`.
export const record = async (profile, act, { stores = [], also = () => {} } = {}) => {
  const told = { ...whole(act), id: act.id || uuid7() };
  for (;;) {
    const now = await run(["profiles"], "readonly", ({ profiles }) => profiles.get(profile.learner));
    if (!now) throw new NoProfile();
    const n = (now.n || 0) + 1;
    const raw = line(now, n, told);
    if (utf8(raw).length > LONGEST) throw new TooLong();
    const signature = await sign(now.secret, raw);
    const { id, learner, device, type, at, course, release, item, data } = JSON.parse(raw);
    const row = { learner, device, n, id, type, at, course, release, item, data, raw, signature, code: await codeOf(raw), state: "waiting", why: "" };
    const kept = await run([...new Set(["profiles", "events", ...stores])], "readwrite", async (all) => {
      const before = await all.events.get(id, "id");
      if (before) return before;
      const same = await all.profiles.get(learner);
      if (!same) throw new NoProfile();
      if (same.device !== device || (same.n || 0) !== n - 1) return MOVED;
      await all.events.add(row);
      await all.profiles.put({ ...same, n });
      await also(all, row);
      return row;
    });
    if (kept === MOVED) continue;
    document.dispatchEvent(new CustomEvent("pocket:recorded"));
    return kept;
  }
};

// Her lines in one course, as they were made.
export const events = (learner, course) => run(["events"], "readonly", (all) => all.events.all(IDBKeyRange.only([learner, course]), { index: "course" }));

// Whether a line counts, or may yet: one that the store refused, that it has another of, or that came from a phone that was
// removed never does, so what it says is to be done once more. One without the store's word for the phone counts when that comes.
export const mayCount = ({ state, why }) => !["refused", "quarantined"].includes(state) && !(state === "unproven" && ["revoked", "signature"].includes(why));

// How many lines of hers are in that state: `waiting`, `accepted`, `duplicate`, `unproven`, `quarantined`, `refused`.
export const count = (learner, state) => run(["events"], "readonly", (all) => all.events.count(IDBKeyRange.only([learner, state]), "state"));
export const inState = (learner, state) => run(["events"], "readonly", (all) => all.events.all(IDBKeyRange.only([learner, state]), { index: "state" }));
export const everything = (learner) => run(["events"], "readonly", (all) => all.events.all(of(learner)));
