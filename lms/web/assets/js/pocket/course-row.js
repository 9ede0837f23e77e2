// What she chose about a course on this phone.
import { run } from "./db.js";

export const edit = ({ learner, course }, values) => run(["courses"], "readwrite", async ({ courses }) => {
  const row = await courses.get([learner, course]);
  if (row) await courses.put({ ...row, ...values });
});
