// Where she stands in a course as this phone has it: what is done, what comes next, what is missing. The facts are those of
// lms/learning/today.py, the rules those of lms/learning/standing.py.
import { less, most, reaches, weighted } from "./fractions.js";
import { bare, better, compare, later } from "./fold.js";
import { own } from "./grading.js";

const union = (one = [], other = []) => [...new Set([...one, ...other])];
const questionsOf = (module) => module.quizzes.reduce((all, { questions }) => [...all, ...questions], []);
const weigh = (module, shares) => weighted(questionsOf(module).map((id) => [module.questions[id].points, shares(id) || "0"]));
const quizMark = (module) => module.quiz_mark || 0;

// The facts that count in the release of that lineage, {live, majors, names}, in its ids. `releases`: the texts that are
// known, by digest.
export const today = (progress, lineage, releases) => {
  const now = (name) => own(lineage.names, name) || name;
  const major = lineage.majors[lineage.live];
  const isOfNow = (release) => own(lineage.majors, release) === major;
  const work = Object.entries(progress.work).filter(([release]) => isOfNow(release));
  const record = { enrolled: progress.enrolled, ended: [], results: bare(), reviewed: bare(), scenarios: bare(), tests: bare(), place: null, completed: Object.keys(progress.completed).map(Number), kept: [] };
  for (const [, { ended, results, scenarios, reviewed }] of work) {
    record.ended = union(record.ended, ended.map(now));
    for (const [old, result] of Object.entries(results)) record.results[now(old)] = better(record.results[now(old)], result);
    for (const [old, last] of Object.entries(reviewed || {})) record.reviewed[now(old)] = later(record.reviewed[now(old)], last);
    for (const [old, outcomes] of Object.entries(scenarios)) record.scenarios[now(old)] = union(record.scenarios[now(old)], outcomes);
  }
  if (progress.place && isOfNow(progress.place.release)) record.place = { ...progress.place, module: now(progress.place.module) };
  const best = (old) => (record.results[now(old)] || {}).best;
  for (const [release, { ended, results }] of work) {
    if (release === lineage.live || !own(releases, release)) continue;
    for (const module of releases[release].modules.filter(({ kind }) => kind === "module")) {
      const worked = ended.includes(module.id) || questionsOf(module).some((id) => own(results, id));
      if (worked && record.ended.includes(now(module.id)) && reaches(weigh(module, best), quizMark(module))) record.kept = union(record.kept, [now(module.id)]);
    }
  }
  return record;
};

// The record with what she did by other roads, as the store told it: {enrolled, ended, best, last, reviewed, scenarios, kept, completed, place}.
export const join = (record, carried) => {
  if (!carried) return record;
  const joined = {
    ...record,
    enrolled: record.enrolled || carried.enrolled,
    ended: union(record.ended, carried.ended),
    kept: union(record.kept, carried.kept),
    completed: union(record.completed, carried.completed),
    results: bare(record.results),
    reviewed: bare(record.reviewed),
    scenarios: bare(record.scenarios),
  };
  for (const [id, best] of Object.entries(carried.best || {})) {
    const mine = joined.results[id];
    const last = own(carried.last || {}, id) || null;
    joined.results[id] = mine ? { best: most(mine.best, best), last: last ? later(mine.last, last) : mine.last } : { best, last };
  }
  for (const [id, last] of Object.entries(carried.reviewed || {})) joined.reviewed[id] = later(joined.reviewed[id], last);
  for (const [id, outcomes] of Object.entries(carried.scenarios || {})) joined.scenarios[id] = union(joined.scenarios[id], outcomes);
  const place = carried.place;
  if (place && (!record.place || compare(place.at, record.place.at) > 0)) joined.place = place;
  return joined;
};

// The best marked attempt at each test, of what the store told of her attempts: {attempt: {module, state, share, passed}}.
export const bestTests = (attempts) => {
  const tests = bare();
  for (const { module, share, passed } of Object.values(attempts || {})) {
    if (share === undefined || share === null) continue;
    const before = tests[module];
    if (!before || (passed && !before.passed) || (passed === before.passed && less(before.share, share))) tests[module] = { share, passed };
  }
  return tests;
};

const lesson = (record, module) => {
  const share = weigh(module, (id) => (record.results[id] || {}).best);
  const missing = [];
  if (quizMark(module) && !reaches(share, quizMark(module))) missing.push("quiz");
  if (!record.ended.includes(module.id)) missing.push("end");
  return { share, missing };
};
const test = (record, module) => {
  const { share, passed } = record.tests[module.id] || { share: "0", passed: false };
  return { share, missing: passed ? [] : ["test"] };
};
const isBegun = (record, module) => record.ended.includes(module.id)
  || questionsOf(module).some((id) => record.results[id])
  || Object.keys(module.scenarios || {}).some((id) => record.scenarios[id])
  || (record.begun || []).includes(module.id)
  || Boolean(record.place && record.place.module === module.id);
const nextAnchor = (record, module) => {
  if (record.place && record.place.module === module.id) return record.place.section;
  const answered = module.quizzes.map(({ questions }) => questions.every((id) => record.results[id]));
  return answered.includes(true) && answered.includes(false) ? `quiz-${module.quizzes[answered.indexOf(false)].id}` : "";
};

const moduleStanding = (record, module) => {
  const { share, missing } = (module.kind === "test" ? test : lesson)(record, module);
  const left = record.kept.includes(module.id) ? [] : missing;
  const begun = isBegun(record, module);
  const { id, title, kind, minutes, required } = module;
  return {
    id, title, kind, minutes, required, begun, done: !left.length, share, missing: left,
    next_anchor: begun ? nextAnchor(record, module) : "",
    last: Boolean(record.place && record.place.module === id),
  };
};

// Where the record puts her in the release of that text. `record.tests`: the best attempts; `record.begun`: tests opened.
export const standing = (record, text) => {
  const modules = text.modules.map((module) => moduleStanding(record, module));
  const asked = modules.filter(({ required }) => required);
  const missing = asked.filter(({ done }) => !done);
  const met = asked.length > 0 && !missing.length;
  const byTests = (some) => some.find(({ kind }) => kind !== "test") || some[0] || null;
  return {
    modules,
    met,
    complete: met || record.completed.includes(text.major),
    begun: modules.some(({ begun }) => begun),
    done: asked.length - missing.length,
    required: asked.length,
    minutes: missing.reduce((sum, { minutes }) => sum + minutes, 0),
    next: missing.find(({ last }) => last) || byTests(missing),
  };
};
