// What she missed in practice and may go over, as lms/learning/missed.py says; nothing of a test.
import { earlier } from "./fold.js";
import { own } from "./grading.js";

const waits = ({ results, reviewed }, id) => {
  const { last = null } = results[id] || {};
  if (!last || last.share === "1") return false;
  const again = own(reviewed, id);
  return !again || again.share !== "1" || earlier(again, last);
};

// The questions that wait, each with its module, in the course's order.
export const missed = (record, { modules }) => modules.filter(({ kind }) => kind === "module").reduce((all, module) => [
  ...all,
  ...module.quizzes.reduce((ids, { questions }) => [...ids, ...questions], []).filter((id) => waits(record, id)).map((id) => ({ id, module })),
], []);
