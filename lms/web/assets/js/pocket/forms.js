// From a filled form to answers, as lms/learning/forms.py reads one of practice: parts are named by their place, from 1, in
// the author's order, whichever order they are shown in.
import { fits, number, words } from "./grading.js";

const LONGEST = 200;
const placed = (things, place) => {
  const found = /^[1-9][0-9]*$/.test(place) ? things[Number(place) - 1] : undefined;
  return found && found.key;
};
const isChoice = ({ kind }) => ["single", "multiple", "true-false"].includes(kind);
const thingsOf = ({ kind, pairs, items, gaps }) => ({ order: items, blanks: gaps })[kind] || pairs;
const written = (text) => (Array.from(text).length > LONGEST ? undefined : words(text).join(" "));

const PARTS = {
  match: ({ targets }, _, value) => placed(targets, value),
  classify: ({ targets }, _, value) => placed(targets, value),
  order: ({ items }, _, value) => placed(items, value) && value,
  blanks: (_, gap, value) => ((gap.options || []).length ? placed(gap.options, value) : written(value)),
};

// The draft of one question; undefined where the form says what the page did not have.
const drafted = (name, question, form) => {
  if (isChoice(question)) {
    const chosen = form.getAll(name).map((place) => placed(question.options, place));
    return chosen.includes(undefined) ? undefined : chosen;
  }
  const part = PARTS[question.kind];
  if (!part) return written(form.get(name) || "");
  const draft = {};
  const things = thingsOf(question);
  for (const [place, thing] of things.entries()) {
    const value = form.get(`${name}.${place + 1}`) || "";
    if (!words(value).length) continue;
    draft[thing.key] = part(question, thing, value);
    if (draft[thing.key] === undefined) return undefined;
  }
  return draft;
};

// The answer that a draft is, null while it needs mending.
const answered = (question, draft) => {
  if (question.kind === "numeric") return number(draft) === null ? null : draft;
  if (question.kind !== "order") return draft;
  const whole = new Set(Object.values(draft)).size === question.items.length;
  return whole ? Object.keys(draft).sort((one, other) => draft[one] - draft[other]) : null;
};
const isEmpty = (draft) => (typeof draft === "object" ? !Object.keys(draft).length : !draft);

// What the form says of these questions: the draft as it is, the answers that can be graded, and the questions that need
// mending first. `form`: FormData or URLSearchParams; null where it says something that the page did not have.
export const read = (questions, ids, form) => {
  const draft = {};
  const answers = {};
  const unfinished = [];
  for (const id of ids) {
    const value = drafted(id, questions[id], form);
    if (value === undefined) return null;
    if (isEmpty(value)) continue;
    draft[id] = value;
    const answer = answered(questions[id], value);
    if (answer === null || !fits(questions[id], answer)) unfinished.push(id);
    else answers[id] = answer;
  }
  return { draft, answers, unfinished };
};

// The form's fields for a draft, [name, value] each: what to show as filled in. What the question no longer has is left out.
export const fields = (id, question, draft) => {
  const place = (things, key) => things.findIndex((each) => each.key === key) + 1;
  if (draft === undefined || draft === null) return [];
  if (isChoice(question)) return (Array.isArray(draft) ? draft : []).map((key) => place(question.options, key)).filter(Boolean).map((each) => [id, String(each)]);
  if (typeof draft === "string") return [[id, draft]];
  const things = thingsOf(question);
  return Object.entries(draft).map(([key, given]) => {
    const thing = things.find((each) => each.key === key) || {};
    const options = (question.kind === "blanks" ? thing.options : question.targets) || [];
    return [place(things, key), options.length ? String(place(options, given) || "") : String(given)];
  }).filter(([at]) => at).map(([at, value]) => [`${id}.${at}`, value]);
};
