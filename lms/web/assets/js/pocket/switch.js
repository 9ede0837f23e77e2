// From the release of a course that is on the phone to the newer one beside it: only when nothing is under way, since what
// she began ends on what it began with, and only when she says so.
import { of, one, run } from "./db.js";
import { lineageOf, progress } from "./progress.js";
import { today } from "./standing.js";
import { textOf, tidy } from "./take.js";

const isOpen = ({ begun, submitted, expires }) => begun && !submitted && new Date(expires) > new Date();

// Whether she has something half filled in the course, and a test begun.
export const underWay = (learner, course) => run(["drafts", "tickets"], "readonly", async ({ drafts, tickets }) => ({
  draft: (await drafts.count(of(learner, course))) > 0,
  attempt: (await tickets.all(of(learner))).some((ticket) => ticket.course === course && isOpen(ticket)),
}));

const anyText = async (manifest, languages) => {
  for (const language of languages) {
    const found = manifest.texts[language] && await textOf(manifest.texts[language].sha256);
    if (found) return found;
  }
  return null;
};

// The newer release takes the place of the older; what she did in that is kept as what it was worth there. False where
// there is none ready, or something is under way.
export const change = async ({ learner }, course) => {
  const row = await one("courses", [learner, course]);
  if (!row || !row.newer || !row.newer.ready) return false;
  const { draft, attempt } = await underWay(learner, course);
  if (draft || attempt) return false;
  const { manifest, languages, media } = row.newer;
  const [before, after] = [await anyText(row.taken, row.languages), await anyText(manifest, languages)];
  if (!after) return false;
  const majors = { ...row.majors, ...(before && { [before.release]: before.major }) };
  const made = before ? await progress(row, before) : { work: {} };
  const kept = before ? today(made, lineageOf(after, { majors }), { [before.release]: before }).kept : [];
  const work = { ...row.work, ...made.work };
  const language = languages.includes(row.language) ? row.language : languages[0];
  const changed = await run(["courses"], "readwrite", async ({ courses }) => {
    const same = await courses.get([learner, course]);
    if (!same || !same.newer || same.newer.manifest.release !== manifest.release) return false;
    const state = same.state && { ...same.state, carried: null }; // it was told in the ids of the release before
    await courses.put({ ...same, taken: manifest, newer: null, languages, media, language, work, majors, kept: [...new Set([...(same.kept || []), ...kept])], state, at: new Date().toISOString() });
    return true;
  });
  if (changed) await tidy();
  return changed;
};
