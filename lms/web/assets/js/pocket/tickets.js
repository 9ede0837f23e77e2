// A test to take without a connection: a ticket that the store signed for this phone, the sheet sent on it, once.
import { ask } from "./api.js";
import { of, one, run } from "./db.js";
import { TYPES, record } from "./log.js";
import { uuid7 } from "./uuid7.js";

// The tickets of a course on this phone.
export const tickets = async (learner, course) => (await run(["tickets"], "readonly", (all) => all.tickets.all(of(learner)))).filter((each) => each.course === course);

// Tickets for that test of the release that is on the phone, kept: `wanted` is {course, module, release, language, count}. A reply that is lost on its way costs nothing: the same question is asked until it is
// answered, and so none is spent twice. Raises Refused, Offline.
export const fetchTickets = async (profile, wanted) => {
  const { course, module } = wanted;
  const name = `asking ${profile.learner} ${course} ${module}`;
  const { wish } = await run(["shelf"], "readwrite", async ({ shelf }) => {
    const held = await shelf.get(name);
    if (held) return held;
    const made = { name, wish: { count: 1, ...wanted, id: uuid7() } };
    await shelf.put(made);
    return made;
  });
  const { tickets: given } = await ask(profile, "tickets", wish).catch(async (error) => {
    if ([400, 404, 409].includes(error.status)) await run(["shelf"], "readwrite", ({ shelf }) => shelf.drop(name));
    throw error;
  });
  await run(["shelf", "tickets"], "readwrite", async (all) => {
    for (const ticket of given) {
      const held = await all.tickets.get([profile.learner, ticket.attempt]);
      if (!held) await all.tickets.put({ ...ticket, learner: profile.learner, begun: null, sheet: uuid7(), submitted: null, outcome: null });
    }
    await all.shelf.drop(name);
  });
  return given;
};

const edit = (learner, attempt, values) => run(["tickets"], "readwrite", async (all) => {
  const row = await all.tickets.get([learner, attempt]);
  if (row) await all.tickets.put({ ...row, ...values });
  return row;
});
// She looks at the questions.
export const begin = ({ learner, attempt, begun }) => (begun ? null : edit(learner, attempt, { begun: new Date().toISOString() }));
export const isExpired = ({ expires }) => new Date(expires) <= new Date();

const told = ({ id, n, at, code }) => ({ event: id, n, at, code });
// The sheet is in her log, and its draft is gone, in one step; sent in two tabs it is one line. `form`: FormData of the questions as the ticket shows them.
export const submit = async (profile, ticket, form, language) => {
  const wires = {};
  for (const name of new Set(form.keys())) if (name.startsWith("w")) wires[name] = form.getAll(name);
  const { learner } = profile;
  const { attempt, course, module, release } = ticket;
  const before = await one("tickets", [learner, attempt]);
  if (before && before.submitted) return before.submitted;
  const row = await record(profile, { id: before && before.sheet, type: TYPES.submitted, course, release, item: module, data: { attempt, wires, language } }, {
    stores: ["tickets", "drafts"],
    also: async (all, line) => {
      const same = await all.tickets.get([learner, attempt]);
      await all.tickets.put({ ...same, submitted: told(line) });
      await all.drafts.drop([learner, course, `${module}/${attempt}`]);
    },
  });
  return told(row);
};
