// Which view stands for which place. A place names nobody: what a view reads is of whoever is open.
import { certificates } from "./view-certificates.js";
import { course, glossary, search } from "./view-course.js";
import { home } from "./view-home.js";
import { module } from "./view-module.js";
import { notes } from "./view-notes.js";
import { add, help, mePage, pin, removeMe, who } from "./view-people.js";
import { review } from "./view-review.js";
import { save, sent } from "./view-sending.js";
import { away, drop, take } from "./view-take.js";
import { sheet } from "./view-test.js";

const ID = "([a-z0-9-]+)";
const of = (text) => new RegExp(`^${text}$`);
const ANYBODY = { open: false };
const WITHIN = { within: true }; // speaks the course's language, not hers
export const VIEWS = [
  [of(""), home],
  [of("who"), who, ANYBODY],
  [of("pin"), pin, ANYBODY],
  [of("add"), add, ANYBODY],
  [of("help(?:/(exit))?"), help, ANYBODY],
  [of("me"), mePage],
  [of("remove-me"), removeMe],
  [of("sent"), sent],
  [of("save"), save],
  [of("notes"), notes],
  [of("certificates"), certificates],
  [of(`take/${ID}`), take],
  [of(`away(?:/courses/${ID}(?:/${ID})?)?`), away],
  [of(`drop/${ID}`), drop],
  [of(`course/${ID}`), course, WITHIN],
  [of(`search/${ID}(?:/(.*))?`), search, WITHIN],
  [of(`words/${ID}`), glossary, WITHIN],
  [of(`review/${ID}`), review, WITHIN],
  [of(`test/${ID}/([0-9a-f-]{36})`), sheet, WITHIN],
  [of(`module/${ID}/${ID}(?:/(.+))?`), module, WITHIN],
  [of(`${ID}/${ID}`), module, WITHIN],
];
