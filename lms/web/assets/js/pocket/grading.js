// What an answer is worth, as lms/learning/grading.py says; tests/vectors hold both to the same. Answers are by the author's
// keys: a choice ["b"], an order ["2", "1"], a match {"1": "t2"}, something written "Palermo", gaps {"1": "consentimiento"}.
import { share } from "./fractions.js";

const LONGEST = 200; // characters of one written answer
const LONGEST_NUMBER = 40;
// What Python takes for a space; JavaScript's own \s has others.
const SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE = new RegExp(`[${SPACES}]+`);
const BLANK = new RegExp(`^[${SPACES}]*$`);
const FIGURES = "[+\\-−–]?[0-9](?:[0-9\\u00a0\\u202f ]{0,20}[0-9])?(?:[.,][0-9]{1,12})?";
const NUMBER = new RegExp(`^[${SPACES}]*(${FIGURES})[${SPACES}]*$`);

export const own = (mapping, key) => (Object.prototype.hasOwnProperty.call(mapping, key) ? mapping[key] : undefined);
export const words = (text) => text.split(SPACE).filter(Boolean);
const length = (text) => Array.from(text).length;
const keysOf = (things) => things.map(({ key }) => key);
const isListOf = (answer, keys) => Array.isArray(answer) && new Set(answer).size === answer.length && answer.every((key) => keys.includes(key));
const isMappingOf = (answer, keys) => answer !== null && typeof answer === "object" && !Array.isArray(answer)
  && Object.entries(answer).every(([key, value]) => keys.includes(key) && typeof value === "string");
const isWritten = (answer) => typeof answer === "string" && length(answer) <= LONGEST;
const optionsOf = (gap) => gap.options || [];
const mayFill = (gap, given) => isWritten(given) && (!optionsOf(gap).length || given === "" || keysOf(optionsOf(gap)).includes(given));

// Whether the answer has the question's shape and names only its keys.
export const fits = (question, answer) => {
  switch (question.kind) {
    case "single": case "true-false": return isListOf(answer, keysOf(question.options)) && answer.length < 2;
    case "multiple": return isListOf(answer, keysOf(question.options));
    case "order": return isListOf(answer, keysOf(question.items)) && answer.length === question.items.length;
    case "match": case "classify": {
      const targets = keysOf(question.targets);
      return isMappingOf(answer, keysOf(question.pairs)) && Object.values(answer).every((target) => targets.includes(target));
    }
    case "blanks": return isMappingOf(answer, keysOf(question.gaps)) && question.gaps.every((gap) => mayFill(gap, own(answer, gap.key) || ""));
    default: return isWritten(answer);
  }
};

// The text as it is compared (lms/content/written.py).
export const fold = (text, match) => {
  const plain = text.normalize("NFC").replace(/[’‘´`]/g, "'").replace(/[“”«»]/g, '"').replace(/[‐‑]/g, "-");
  const folded = words(plain.toLowerCase()).join(" ").replace(/[ .]+$/, "");
  if (match === "exact") return folded;
  return folded.split("ñ").map((part) => part.normalize("NFD").replace(/[\u0300-\u036f]/g, "")).join("ñ");
};

// The number in billionths of thousandths, exact; null for anything else (lms/content/numbers.py).
export const number = (text) => {
  const found = length(text) <= LONGEST_NUMBER && NUMBER.exec(text);
  if (!found) return null;
  const [size, decimals = ""] = found[1].replace(/^[+\-−–]/, "").replace(/[\u00a0\u202f ]/g, "").split(/[.,]/);
  const value = BigInt(size + decimals.padEnd(12, "0"));
  return /^[-−–]/.test(found[1]) ? -value : value;
};
const isWithin = (range, text) => {
  const value = number(text);
  const [low, high = low] = range.split("..");
  return value !== null && number(low) <= value && value <= number(high);
};

// What the author foresaw that the answer is, right answers before mistakes.
export const foreseen = (question, answer) => {
  const isIt = question.kind === "numeric"
    ? ({ text }) => isWithin(text, answer)
    : ({ text }) => !BLANK.test(answer) && fold(text, question.match) === fold(answer, question.match);
  const { expected } = question;
  return [...expected.filter(({ right }) => right), ...expected.filter(({ right }) => !right)].find(isIt);
};

// What fills a gap: the answer, and how it reads.
export const rightWord = (gap) => {
  const option = optionsOf(gap).find(({ right }) => right);
  return option ? [option.key, option.text] : [gap.accepted[0], gap.accepted[0]];
};
const fills = (question, gap, given) => {
  if (optionsOf(gap).length) return given === rightWord(gap)[0];
  return !BLANK.test(given) && gap.accepted.some((each) => fold(each, question.match) === fold(given, question.match));
};

// For each pair, item or gap whether the answer has it right.
export const rightPieces = (question, answer) => {
  switch (question.kind) {
    case "order": return question.items.map(({ key }, place) => answer[place] === key);
    case "blanks": return question.gaps.map((gap) => fills(question, gap, own(answer, gap.key) || ""));
    default: return question.pairs.map(({ key, target }) => own(answer, key) === target);
  }
};

const chosen = (question, answer) => {
  const right = keysOf(question.options.filter((option) => option.right));
  const hits = answer.filter((key) => right.includes(key)).length;
  const misses = answer.length - hits;
  if (question.kind !== "multiple" || question.scoring === "all") return hits === right.length && !misses ? "1" : "0";
  return share(Math.max(0, hits - misses), right.length);
};

// The share of the question's points that the answer earns; anything malformed earns nothing.
export const grade = (question, answer) => {
  if (!fits(question, answer)) return "0";
  switch (question.kind) {
    case "single": case "true-false": case "multiple": return chosen(question, answer);
    case "short": case "numeric": return (foreseen(question, answer) || {}).right ? "1" : "0";
    default: {
      const pieces = rightPieces(question, answer);
      const right = pieces.filter(Boolean).length;
      return question.scoring === "all" ? String(Number(right === pieces.length)) : share(right, pieces.length);
    }
  }
};
