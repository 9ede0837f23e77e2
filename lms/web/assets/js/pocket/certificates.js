// Her certificates, kept on the phone as the files they are, and verified without a connection as the page /v does it: by
// its own scripts (code.js, judge.js, held.js), which are put together as codes.js.
import { ask } from "./api.js";
import { all, one, run } from "./db.js";
import { sha256 } from "./keys.js";
import { Changed } from "./take.js";

const codes = async () => {
  await import("./codes.js");
  return window.codes;
};
const TRUST = "trust";

// Whom to trust, as the store told when there was a connection; of each list the newest that ever came here.
export const keepTrust = async (fresh) => {
  const { gather, newest } = await codes();
  await gather(fresh); // or nothing of it
  const held = await one("shelf", TRUST);
  const { roots, lists } = newest(fresh, held ? held.lists : []);
  await gather({ roots, lists });
  await run(["shelf"], "readwrite", ({ shelf }) => shelf.put({ name: TRUST, roots, lists }));
};
export const trust = () => one("shelf", TRUST);

// The lists that these add up to, under the roots that this phone knows. Raises an error where one is nobody's.
export const trusted = async (lists) => {
  const { gather } = await codes();
  const held = await trust();
  return gather({ roots: held ? held.roots : [], lists });
};

// The certificates that the store says are hers, fetched as far as they are not here. Raises Refused, Offline, Changed, Full.
export const keep = async (profile, entries) => {
  const { learner } = profile;
  for (const entry of entries) {
    const held = await one("certificates", [learner, entry.number]);
    if (held && held.sha256 === entry.sha256) continue;
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
  const { verify: judge } = await codes();
  const held = await trust();
  return judge(code, await trusted(held ? held.lists : []), today);
};
