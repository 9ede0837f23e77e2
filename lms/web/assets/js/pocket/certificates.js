// Her certificates, kept on the phone as the files they are, and verified without a connection as the page /v does it: by
// its own scripts (code.js, judge.js, held.js), which the build puts in the place of codes.js.
import "./codes.js";
import { ask } from "./api.js";
import { all, one, run } from "./db.js";
import { sha256 } from "./keys.js";
import { Changed } from "./take.js";

const TRUST = "trust";

// Whom to trust, as the store told when there was a connection; of each list the newest that ever came here. `fresh`: what
// /v/lists.json gives.
export const keepTrust = async ({ roots, lists, stores = [] }) => {
  const { gather, newest } = window.codes;
  const fresh = { roots, lists: [...lists, ...stores] };
  await gather(fresh); // or nothing of it
  const held = await one("shelf", TRUST);
  const merged = newest(fresh, held ? held.lists : []);
  await gather(merged);
  await run(["shelf"], "readwrite", ({ shelf }) => shelf.put({ name: TRUST, roots, lists: merged.lists }));
};

// Whom to trust under the roots that this phone knows, with these documents as well. Raises an error where one is nobody's.
export const trusted = async (documents = []) => {
  const { gather, newest } = window.codes;
  const { roots, lists } = (await one("shelf", TRUST)) || { roots: [], lists: [] };
  return gather(newest({ roots, lists }, documents));
};

// The certificates that the store says are hers, fetched as far as they are not here. Raises Refused, Offline, Changed, Full.
export const keep = async (profile, entries) => {
  const { learner } = profile;
  for (const entry of entries) {
    const held = await one("certificates", [learner, entry.number]);
    if (!entry.sha256) continue; // it is gone there as well
    if (held && held.sha256 === entry.sha256) {
      if (held.stands !== entry.stands) await run(["certificates"], "readwrite", ({ certificates }) => certificates.put({ ...held, ...entry }));
      continue;
    }
    const bytes = await ask(profile, "certificate", { number: entry.number });
    if (await sha256(bytes) !== entry.sha256) throw new Changed(entry.number);
    await run(["certificates", "profiles"], "readwrite", async ({ certificates, profiles }) => {
      if (await profiles.get(learner)) await certificates.put({ ...entry, learner, bytes });
    });
  }
};
export const list = (learner) => all("certificates", learner);

// What became of each check of the code, see judge.js; without any list nobody is known.
export const verify = async (code, today = new Date().toISOString().slice(0, 10)) => {
  const { verify: judge } = window.codes;
  return judge(code, await trusted(), today);
};
