// Where she stands, of what this phone knows: her own lines in it, and what the store told of what she did by other roads.
import { of, run } from "./db.js";
import { fold } from "./fold.js";
import { events, mayCount } from "./log.js";
import { bestTests, join, standing, today } from "./standing.js";

// How the release of that text is related to those that were on this phone before.
export const lineageOf = (text, { majors = {} } = {}) => ({ live: text.release, majors: { ...majors, [text.release]: text.major }, names: text.lineage.names });

// What her lines add up to, with what they added up to in releases whose texts are here no more.
export const progress = async ({ learner, course, work = {} }, text) => {
  const made = fold((await events(learner, course)).filter(mayCount), { [text.release]: text });
  for (const [release, before] of Object.entries(work)) if (release !== text.release) made.work[release] = before;
  return made;
};

// The facts that count, in the ids of the release of that text.
export const record = async (row, text) => {
  const { carried = null, attempts = {} } = row.state || {};
  const joined = join(today(await progress(row, text), lineageOf(text, row), {}), carried);
  const mine = await run(["tickets"], "readonly", ({ tickets }) => tickets.all(of(row.learner)));
  const opened = [...mine.filter(({ course, begun }) => course === row.course && begun), ...Object.values(attempts)];
  return {
    ...joined,
    kept: [...joined.kept, ...(row.kept || []).filter((id) => joined.ended.includes(id))],
    tests: bestTests(attempts),
    begun: opened.map(({ module }) => module),
  };
};

// See `standing`; `row` is the course's on this phone.
export const stand = async (row, text) => standing(await record(row, text), text);
