// The people on this phone: each with a device of her own, whose key no other has.
import { Refused, grant } from "./api.js";
import { all, of, one, run } from "./db.js";
import { save } from "./file.js";
import { make } from "./keys.js";
import { now, pending } from "./send.js";
import { tidy } from "./take.js";
import { uuid7 } from "./uuid7.js";

export const list = () => all("profiles");
export const get = (learner) => one("profiles", learner);
export const edit = (learner, values) => run(["profiles"], "readwrite", async ({ profiles }) => {
  const row = await profiles.get(learner);
  if (row) await profiles.put({ ...row, ...values });
  return row && { ...row, ...values };
});

const granted = async (me, device, key, name) => {
  const reply = await grant(me, { device, key, name });
  const { expires } = JSON.parse(reply.raw).data;
  const word = { raw: reply.raw, signature: reply.signature, store: reply.store };
  return { word, expires: reply.expires || expires, store: reply.store };
};

// She is on this phone from now on; who is already gets the store's word anew. `me`: see api.js. Raises Refused, Offline.
export const add = async (me, phone) => {
  const held = await get(me.learner);
  if (held && !held.revoked) return renew(held, me, phone);
  const { secret, key } = await make();
  const device = uuid7();
  const { word, expires, store } = await granted(me, device, key, phone);
  return run(["profiles"], "readwrite", async ({ profiles }) => {
    const before = await profiles.get(me.learner);
    if (before && !before.revoked) return before; // another tab was quicker
    const fresh = { pin: null, sent: null, look: {}, ...before, learner: me.learner, name: me.name, language: me.language, device, key, secret, n: 0, complete: 0, store, grants: [...((before || {}).grants || []), word], expires, revoked: "" };
    await profiles.put(fresh);
    return fresh;
  });
};

// The store's word for the same key, for as long again.
export const renew = async ({ learner, device, key }, me, phone) => {
  const { word, expires, store } = await granted(me, device, key, phone).catch(async (error) => {
    if (error instanceof Refused && error.why === "revoked") await edit(learner, { revoked: "revoked" });
    throw error;
  });
  const before = await get(learner);
  const others = before.grants.filter(({ raw }) => JSON.parse(raw).data.device !== device);
  return edit(learner, { name: me.name, expires, store, grants: [...others, word] });
};

const wipe = async (learner) => {
  const names = ["profiles", "events", "courses", "tickets", "drafts", "notes", "certificates", "shelf"];
  await run(names, "readwrite", async (stores) => {
    for (const name of names) if (name !== "shelf" && name !== "profiles") await stores[name].drop(of(learner));
    await stores.shelf.drop(IDBKeyRange.bound(`asking ${learner} `, `asking ${learner} \uffff`));
    await stores.profiles.drop(learner);
  });
  await tidy().catch(() => {}); // only bytes of courses are left, which are nobody's
};

// Removes her from this phone, after all that she did is at the store: `left` lines keep her here. `anyway` gives what is left
// as a file first, which any store takes; it is gone from here then.
export const remove = async (profile, { anyway = false } = {}) => {
  const { learner } = profile;
  const { why } = await now();
  const { waiting, refused } = await pending(learner);
  const left = waiting + refused.length;
  if (left && !anyway) return { left, why };
  const file = left ? await save(await get(learner)) : null;
  await wipe(learner);
  return { left: 0, file };
};
