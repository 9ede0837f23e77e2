// What is of whoever is open in this tab, and nothing else: every reading of the pages goes by her.
import { all, one } from "./db.js";
import { fold } from "./fold.js";
import { events } from "./log.js";
import { bestTests, join, standing, today } from "./standing.js";
import { textOf } from "./take.js";

export class Nobody extends Error {} // nobody is open here: whoever asks is asked who she is
export class Missing extends Error {} // this course is not on this phone for her
export class Evicted extends Error { // the browser made room and deleted its text
  constructor(row) {
    super(row.course);
    this.row = row;
  }
}

let open = null;
export const who = () => open;
export const enter = (learner) => { open = learner; };
export const me = async () => {
  const row = open && await one("profiles", open);
  if (!row) throw new Nobody();
  return row;
};
const key = () => {
  if (!open) throw new Nobody();
  return open;
};
export const mine = async (store) => all(store, key());
export const rows = async () => (await mine("courses")).filter(({ taken }) => taken);
export const row = async (course) => {
  const found = await one("courses", [key(), course]);
  if (!found || !found.taken) throw new Missing(course);
  return found;
};

export const languageOf = ({ language, languages }, hers) => [language, hers, languages[0]].find((each) => languages.includes(each));
// A course of hers: its row, its text in the language she reads it in, what she did, and where she stands.
export const course = async (id, found = null) => {
  const [held, profile] = [found || await row(id), await me()];
  const language = languageOf(held, profile.language);
  const text = await textOf(held.taken, language);
  if (!text) throw new Evicted(held);
  const [lines, tickets] = [await events(profile.learner, id), (await mine("tickets")).filter((each) => each.course === id)];
  const releases = { [text.release]: text };
  const record = join(today(fold(lines, releases), text.lineage, releases), (held.state || {}).carried);
  record.tests = bestTests((held.state || {}).attempts);
  record.begun = tickets.filter(({ opened }) => opened).map(({ module }) => module);
  return { row: held, profile, text, lines, tickets, record, stands: standing(record, text), language };
};
