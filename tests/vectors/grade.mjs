// Grading written once more from docs/format.md (“What an answer earns”), to show that another implementation can be
// held to grading.json: `node grade.mjs [FILE]` prints how many answers it grades as the file says, exit 1 if not all.
import { readFileSync } from "node:fs";

const LONGEST = 200;
const NOTHING = [0, 1];
const WHOLE = [1, 1];

export function grade(question, answer) {
  switch (question.kind) {
    case "single": case "true-false": case "multiple": return choice(question, answer);
    case "match": case "classify": return matched(question, answer);
    case "order": return ordered(question, answer);
    case "blanks": return filled(question, answer);
    default: return written(question, answer);
  }
}

function choice(question, answer) {
  const keys = question.options.map((option) => option.key);
  const right = question.options.filter((option) => option.right).map((option) => option.key);
  if (!isListOf(answer, keys) || (question.kind !== "multiple" && answer.length > 1)) return NOTHING;
  const hits = answer.filter((key) => right.includes(key)).length;
  const misses = answer.length - hits;
  if (question.kind !== "multiple" || question.scoring === "all") {
    return hits === right.length && misses === 0 ? WHOLE : NOTHING;
  }
  return share(Math.max(0, hits - misses), right.length);
}

function matched(question, answer) {
  const items = question.pairs.map((pair) => pair.key);
  const targets = question.targets.map((target) => target.key);
  if (!isMappingOf(answer, items) || !Object.values(answer).every((value) => targets.includes(value))) return NOTHING;
  return pieces(question, question.pairs.map((pair) => given(answer, pair.key) === pair.target));
}

function ordered(question, answer) {
  const items = question.items.map((item) => item.key);
  if (!isListOf(answer, items) || answer.length !== items.length) return NOTHING;
  return pieces(question, items.map((key, place) => answer[place] === key));
}

function filled(question, answer) {
  if (!isMappingOf(answer, question.gaps.map((gap) => gap.key))) return NOTHING;
  const words = question.gaps.map((gap) => given(answer, gap.key) ?? "");
  if (!words.every((word, place) => mayFill(question.gaps[place], word))) return NOTHING;
  return pieces(question, question.gaps.map((gap, place) => fills(question, gap, words[place])));
}

function mayFill(gap, word) {
  if (!isWritten(word)) return false;
  return gap.options.length === 0 || word === "" || gap.options.some((option) => option.key === word);
}

function fills(question, gap, word) {
  if (gap.options.length > 0) return gap.options.some((option) => option.right && option.key === word);
  return word.trim() !== "" && gap.accepted.some((each) => fold(each, question.match) === fold(word, question.match));
}

function written(question, answer) {
  if (!isWritten(answer)) return NOTHING;
  const right = question.expected.filter((each) => each.right);
  if (question.kind === "short") {
    const told = fold(answer, question.match);
    return answer.trim() !== "" && right.some((each) => fold(each.text, question.match) === told) ? WHOLE : NOTHING;
  }
  const value = [...answer].length <= 40 ? number(answer) : null;
  return value !== null && right.some((each) => holds(each.text, value)) ? WHOLE : NOTHING;
}

// Two writings are the same answer when this makes the same of them.
export function fold(text, match) {
  const folded = text.normalize("NFC").replace(/[’‘´`]/g, "'").replace(/[“”«»]/g, '"').replace(/[‐‑]/g, "-")
    .toLowerCase().split(/\s+/).filter(Boolean).join(" ").replace(/[ .]+$/, "");
  if (match === "exact") return folded;
  return folded.split("ñ").map((part) => part.normalize("NFD").replace(/[\u0300-\u036f]/g, "")).join("ñ");
}

// A number as millionths of millionths, exact; null for anything else.
function number(text) {
  const found = /^\s*([+\-−–]?)([0-9](?:[0-9\u00a0\u202f ]{0,20}[0-9])?)(?:[.,]([0-9]{1,12}))?\s*$/.exec(text);
  if (!found) return null;
  const size = BigInt(found[2].replace(/[^0-9]/g, "") + (found[3] ?? "").padEnd(12, "0"));
  return found[1] === "" || found[1] === "+" ? size : -size;
}

function holds(text, value) {
  const [low, high = low] = text.split("..");
  return number(low) <= value && value <= number(high);
}

function pieces(question, right) {
  const count = right.filter(Boolean).length;
  return question.scoring === "all" ? (count === right.length ? WHOLE : NOTHING) : share(count, right.length);
}

function share(count, of) {
  const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(count, of);
  return [count / common, of / common];
}

function isListOf(answer, keys) {
  return Array.isArray(answer) && new Set(answer).size === answer.length && answer.every((key) => keys.includes(key));
}

function isMappingOf(answer, keys) {
  const isMapping = typeof answer === "object" && answer !== null && !Array.isArray(answer);
  return isMapping && Object.entries(answer).every(([key, value]) => keys.includes(key) && typeof value === "string");
}

function given(answer, key) {
  return Object.hasOwn(answer, key) ? answer[key] : undefined;
}

function isWritten(answer) {
  return typeof answer === "string" && [...answer].length <= LONGEST;
}

const file = process.argv[2] ?? new URL("grading.json", import.meta.url);
const { questions, cases } = JSON.parse(readFileSync(file, "utf8"));
let wrong = 0;
for (const { question, answer, share: wanted } of cases) {
  const told = grade(questions[question], answer).join("/");
  if (told === wanted) continue;
  wrong += 1;
  console.error(`${question}: ${JSON.stringify(answer)} earns ${wanted}, not ${told}`);
}
console.log(`${cases.length - wrong} of ${cases.length}`);
process.exitCode = wrong ? 1 : 0;
