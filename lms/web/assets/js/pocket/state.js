// What the store knows of her and of her courses, asked for when there is a connection and kept for when there is none.
import { Refused, ask } from "./api.js";
import { keep, keepTrust } from "./certificates.js";
import { all, of, run } from "./db.js";
import { settle } from "./send.js";

// Lines that could not be proved are proved by now: the store has every one up to that number.
const proved = async (events, { learner, device }, complete) => {
  for (const row of await events.all(of(learner, device))) {
    if (row.state === "unproven" && row.n <= complete) await events.put({ ...row, state: "accepted", why: "" });
  }
};

// What the store tells in the place of these counts, whichever phone they are of.
const mended = async (events, learner, ids) => {
  if (!ids.length) return;
  for (const row of await events.all(of(learner))) {
    if (row.state === "unproven" && ids.includes(row.id)) await events.put({ ...row, state: "accepted", why: "" });
  }
};

const written = (profile, asked, reply) => run(["profiles", "events", "courses", "tickets"], "readwrite", async (stores) => {
  const { learner, device } = profile;
  await settle(stores, learner, { [device]: reply.device.complete_to });
  const mine = await stores.profiles.get(learner);
  if (!mine || mine.device !== device) return;
  await stores.profiles.put({ ...mine, expires: reply.device.expires || mine.expires, forked: reply.device.forked_at || null, store: reply.store || mine.store, told: new Date().toISOString() });
  await proved(stores.events, mine, reply.device.complete_to);
  await mended(stores.events, learner, reply.mended || []);
  for (const row of await stores.courses.all(of(learner))) {
    const state = reply.courses[row.course];
    if (!state) continue;
    const isOfThis = row.taken && row.taken.release === asked[row.course];
    const carried = isOfThis ? state.carried : (row.state || {}).carried;
    await stores.courses.put({ ...row, state: { ...state, carried } });
    for (const [attempt, outcome] of Object.entries(state.attempts || {})) {
      const ticket = await stores.tickets.get([learner, attempt]);
      if (ticket) await stores.tickets.put({ ...ticket, outcome });
    }
  }
});

// Everything anew: her courses' state, her attempts, her certificates, whom to trust. Gives what the store said. Raises
// Refused (`revoked`, `unknown`, `expired`), Offline.
export const refresh = async (profile) => {
  const asked = {};
  for (const { course, taken } of await all("courses", profile.learner)) asked[course] = taken ? taken.release : null;
  const reply = await ask(profile, "state", { courses: asked }).catch(async (error) => {
    if (error instanceof Refused && ["revoked", "unknown"].includes(error.why)) await refusedDevice(profile, error.why);
    throw error;
  });
  await written(profile, asked, reply);
  if (reply.trust) await keepTrust(reply.trust).catch(() => {}); // a list that nobody signed who should have changes nothing
  await keep(profile, reply.certificates || []);
  return reply;
};
const refusedDevice = ({ learner, device }, why) => run(["profiles"], "readwrite", async ({ profiles }) => {
  const row = await profiles.get(learner);
  if (row && row.device === device) await profiles.put({ ...row, revoked: why });
});
