// What to tell about an answer, as lms/learning/feedback.py says.
import { fits, foreseen, grade, own, rightPieces, rightWord } from "./grading.js";

export const WRITTEN = "written"; // the key of the one part of an answer that is written
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
export const escape = (text) => text.replace(/[&<>"']/g, (sign) => ESCAPED[sign]);

const choice = ({ options }, answer) => options.map(({ key, right, feedback }) => ({ key, chosen: answer.includes(key), right, feedback, given: "", wanted: "" }));

const match = (question, answer) => {
  const html = new Map(question.targets.map((target) => [target.key, target.html]));
  const right = rightPieces(question, answer);
  return question.pairs.map(({ key, target, feedback }, place) => {
    const given = own(answer, key);
    return { key, chosen: given !== undefined, right: right[place], feedback, given: html.get(given) || "", wanted: html.get(target) };
  });
};

const order = ({ items }, answer) => items.map(({ key, feedback }, place) => {
  const given = answer.indexOf(key);
  return { key, chosen: given >= 0, right: given === place, feedback, given: given < 0 ? "" : String(given + 1), wanted: String(place + 1) };
});

// Another form of the right answer has the reason of the first, unless it has its own.
const written = (question, answer) => {
  const found = foreseen(question, answer) || { right: false, feedback: "" };
  const wanted = question.expected.find(({ right }) => right);
  const feedback = found.feedback || (found.right ? wanted.feedback : "");
  return [{ key: WRITTEN, chosen: Boolean(answer), right: found.right, feedback, given: escape(answer), wanted: escape(wanted.text) }];
};

const gaps = (question, answer) => {
  const right = rightPieces(question, answer);
  return question.gaps.map((gap, place) => {
    const given = own(answer, gap.key) || "";
    const option = (gap.options || []).find(({ key }) => key === given);
    const read = option ? option.text : given;
    return { key: gap.key, chosen: Boolean(given), right: right[place], feedback: "", given: escape(read), wanted: escape(rightWord(gap)[1]) };
  });
};

const KINDS = { match: [match, {}], classify: [match, {}], order: [order, []], short: [written, ""], numeric: [written, ""], blanks: [gaps, {}] };

// The share earned, and what to say of each option, item or gap; an answer that does not fit the question counts as none.
// `given` and `wanted` are HTML.
export const told = (question, answer) => {
  const [tell, none] = KINDS[question.kind] || [choice, []];
  const share = grade(question, answer);
  const parts = tell(question, fits(question, answer) ? answer : none);
  const result = share === "1" ? "right" : share === "0" ? "wrong" : "partly";
  return { share, result, parts: Object.fromEntries(parts.map((part) => [part.key, part])) };
};
