// Holds the pocket's scripts to pocket.json and grading.json: `node pocket.mjs FOLDER` (a folder of the scripts, with a
// package.json that says they are modules) prints how many cases they say the same of; exit 1 if not all. With a FILE as
// well, only to what is in it: lines of [question, answer, digest], or ["exact" or "loose", text, digest of it folded].
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const from = (name) => import(new URL(`${name}.js`, `${pathToFileURL(process.argv[2])}/`));
const { fold: spelt, grade } = await from("grading");
const { told } = await from("feedback");
const { compare, fold } = await from("fold");
const { missed } = await from("missed");
const { bestTests, join, standing, today } = await from("standing");
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return new Map(Object.keys(value).sort(compare).map((key) => [key, sorted(value[key])]));
};
const canonical = (value) => {
  if (value instanceof Map) return `{${[...value].map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
  return Array.isArray(value) ? `[${value.map(canonical).join(",")}]` : JSON.stringify(value);
};
const json = (value) => canonical(sorted(value));
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);

const counts = [];
const hold = (name, cases, check) => {
  const wrong = cases.map((each, place) => [place, check(each)]).filter(([, problem]) => problem);
  for (const [place, problem] of wrong.slice(0, 5)) console.error(`${name} ${place}: ${problem}`);
  counts.push(`${cases.length - wrong.length} of ${cases.length}`);
  if (wrong.length) process.exitCode = 1;
};
const differs = (value, wanted) => digest(json(value)) !== wanted && `${json(value)}, not ${wanted}`;

if (process.argv[3]) {
  const lines = readFileSync(process.argv[3], "utf8").trim().split("\n").map((line) => JSON.parse(line));
  hold("live", lines, ([question, answer, wanted]) => {
    if (typeof question === "string") return differs(spelt(answer, question), wanted);
    const { share, parts } = told(question, answer);
    const problem = differs({ share, parts }, wanted);
    return problem && `${JSON.stringify(question)} ${JSON.stringify(answer)} ${problem}`;
  });
  console.log(counts.join());
  process.exit();
}

const grading = read("grading.json");
const share = (text) => (text.includes("/") ? text : `${text}/1`);
hold("grading", grading.cases, ({ question, answer, share: wanted }) => {
  const made = share(grade(grading.questions[question], answer));
  return made !== wanted && `${question}: ${JSON.stringify(answer)} earns ${wanted}, not ${made}`;
});

const { texts, answers, events, roads, folds } = read("pocket.json");
const questions = Object.fromEntries(Object.entries(texts).map(([name, { modules }]) => [name, Object.assign({}, ...modules.map((module) => module.questions))]));
hold("answers", answers, ([release, name, answer, wanted]) => {
  const { share: earned, parts } = told(questions[release][name], answer);
  const problem = differs({ share: earned, parts }, wanted);
  return problem && `${JSON.stringify(questions[release][name])} ${JSON.stringify(answer)} ${problem}`;
});

const shown = (waiting, { modules, met, complete, begun, done, required, minutes, next }) => [
  modules.map((each) => [each.id, each.required, each.begun, each.done, each.share, each.missing, each.next_anchor, each.last]),
  met, complete, begun, done, required, minutes, next && next.id, waiting.map(({ id }) => id),
];
const place = (progress, live, road) => {
  const lineage = { ...texts[live].lineage, live };
  const record = today(progress, lineage, texts);
  const { carried, attempts } = road < 0 ? { carried: null, attempts: {} } : roads[road][live];
  const opened = Object.values(attempts).map(({ module }) => module);
  const joined = { ...join(record, carried), tests: bestTests(attempts), begun: opened };
  return shown(missed(joined, texts[live]), standing(joined, texts[live]));
};
hold("fold", folds, ([, , picked, wanted]) => {
  const made = fold(picked.split(",").map((each) => events[each]), texts);
  return differs(made, wanted);
});
hold("standing", folds, ([live, road, picked, , wanted]) => differs(place(fold(picked.split(",").map((each) => events[each]), texts), live, road), wanted));
console.log(counts.join(", "));
