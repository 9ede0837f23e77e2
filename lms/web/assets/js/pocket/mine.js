// What is of whoever is open in this tab, and nothing else: every reading of the pages goes by her.
import { Full, all, one } from "./db.js";
import { events } from "./log.js";
import { record } from "./progress.js";
import { standing } from "./standing.js";
import { text as read } from "./take.js";
import { tickets } from "./tickets.js";
import { say } from "./words.js";

export class Nobody extends Error {} // nobody is open here: whoever asks is asked who she is
export class Missing extends Error {} // the course of that id (`message`) is not on this phone for her
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
export const mine = async (store) => {
  const { learner } = await me();
  return all(store, learner);
};
// Her courses that are whole on this phone.
export const rows = async () => (await mine("courses")).filter(({ taken }) => taken);

export const spokenIn = ({ language, languages }, hers) => [language, hers, ...languages].find((each) => languages.includes(each));
// A course of hers: its text in the language that she reads it in, what she did in it, and where she stands.
// Raises Nobody, Missing, Evicted.
export const look = async (course) => {
  const profile = await me();
  const row = await one("courses", [profile.learner, course]);
  if (!row || !row.taken) throw new Missing(course);
  const language = spokenIn(row, profile.language);
  const text = await read(profile, course, language);
  if (!text) throw new Evicted(row);
  const facts = await record(row, text);
  return { profile, row, text, language, facts, stands: standing(facts, text) };
};
// What to say where something could not be kept; only what is on the disk is called saved.
export const unsaved = (error) => {
  if (!(error instanceof Full)) console.error(error);
  return say(error instanceof Full ? "storage-full" : "not-saved");
};
// Whether the store has a newer release of a course than the one that is here, or one lies ready.
export const hasNewer = ({ newer, state, taken }) => Boolean(newer || (state && state.live && state.live !== taken.release));
// Her lines in a course, and the tests that she took along for it.
export const lines = async (course) => events((await me()).learner, course);
export const tests = async (course) => tickets((await me()).learner, course);
