// What her own lines of one course add up to, as lms/learning/progress.py says, in the form of progress_json.py. Tests have
// no key on a phone: a sheet is there and waits, never marked.
import { most } from "./fractions.js";
import { fits, grade, own } from "./grading.js";
import { TYPES } from "./types.js";

const ENROLLED = "learner.enrolled";

// Text by code points, as Python compares it: JavaScript's own order has emoji before some letters.
const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
export const compare = (one, other) => {
  const length = Math.min(one.length, other.length);
  for (let place = 0; place < length; place += 1) {
    if (one[place] !== other[place]) return rank(one.charCodeAt(place)) - rank(other.charCodeAt(place));
  }
  return one.length - other.length;
};
export const earlier = (one, other) => (compare(one.at, other.at) || compare(one.event, other.event)) < 0;
export const later = (one, other) => (one && !earlier(one, other) ? one : other);
export const better = (one, other) => (one ? { best: most(one.best, other.best), last: later(one.last, other.last) } : other);

const isText = (value) => typeof value === "string";
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const including = (list, value) => (list.includes(value) ? list : [...list, value].sort(compare));

// An object that has only what was put into it: an id may be any text.
export const bare = (from = {}) => Object.assign(Object.create(null), from);
export const empty = () => ({ enrolled: false, work: bare(), attempts: bare(), place: null, completed: bare(), pending: [], first: "", last: "" });

const workIn = (progress, release) => {
  if (!progress.work[release]) progress.work[release] = { ended: [], results: bare(), scenarios: bare() };
  return progress.work[release];
};

// The questions of a release's lessons by id.
const practice = new WeakMap();
const questionsOf = (text) => {
  if (!practice.has(text)) practice.set(text, bare(Object.assign({}, ...text.modules.filter(({ kind }) => kind === "module").map(({ questions }) => questions))));
  return practice.get(text);
};

const ended = (progress, { release, item }) => {
  if (!item || !release) return;
  const work = workIn(progress, release);
  work.ended = including(work.ended, item);
};

const reached = (progress, { id, at, release, item, data }) => {
  if (!item || !release || !isText(data.section)) return;
  const place = { at, event: id, release, module: item, section: data.section };
  if (!progress.place || earlier(progress.place, place)) progress.place = place;
};

const scenario = (progress, { release, data }) => {
  if (!release || !isText(data.scenario) || !isText(data.outcome)) return;
  const work = workIn(progress, release);
  work.scenarios[data.scenario] = including(work.scenarios[data.scenario] || [], data.outcome);
};

// Each answer to a question that the release has, marked; or the line waits for the release.
const marked = (progress, { id, at, release, data }, releases, keep) => {
  const text = own(releases, release || "");
  progress.pending = progress.pending.filter((each) => each !== id);
  if (!text) {
    progress.pending = including(progress.pending, id);
    return;
  }
  const questions = questionsOf(text);
  for (const [name, answer] of Object.entries(data.answers)) {
    const question = questions[name];
    if (question && fits(question, answer)) keep(name, { at, event: id, answer, share: grade(question, answer) });
  }
};

const submitted = (progress, event, releases) => {
  const { answers, attempt, wires } = event.data;
  if (isText(attempt) && (isObject(answers) || isObject(wires))) sheet(progress, event);
  if (isText(attempt) || !isObject(answers)) return;
  marked(progress, event, releases, (name, last) => {
    const { results } = workIn(progress, event.release);
    results[name] = better(results[name], { best: last.share, last });
  });
};

const reviewed = (progress, event, releases) => {
  if (!isObject(event.data.answers)) return;
  marked(progress, event, releases, (name, last) => {
    const work = workIn(progress, event.release);
    if (!work.reviewed) work.reviewed = bare();
    work.reviewed[name] = later(work.reviewed[name], last);
  });
};

// The one sheet of an attempt that counts: the first by n.
const sheet = (progress, { id, n, release, data }) => {
  const before = progress.attempts[data.attempt];
  if (before && (before.sheet.n - n || compare(before.sheet.event, id)) <= 0) return;
  progress.attempts[data.attempt] = { sheet: { n, event: id, release: release || "" } };
};

const STEPS = {
  [ENROLLED]: (progress) => { progress.enrolled = true; },
  [TYPES.ended]: ended,
  [TYPES.reached]: reached,
  [TYPES.scenario]: scenario,
  [TYPES.submitted]: submitted,
  [TYPES.reviewed]: reviewed,
};

// `releases`: by digest, the text of each release that is known; order and repeats of the lines make no difference.
export const fold = (events, releases) => {
  const progress = empty();
  for (const event of events) {
    const step = own(STEPS, event.type);
    if (!step) continue;
    step(progress, event, releases);
    if (event.type === ENROLLED) continue; // it is told of her, and no act of hers in the course
    const { at } = event;
    progress.first = !progress.first || compare(at, progress.first) < 0 ? at : progress.first;
    progress.last = compare(at, progress.last) > 0 ? at : progress.last;
  }
  return progress;
};
