// What the pages say: templates and sentences of one language at a time, the same words as the server's.
import { spoken, words as fetched } from "./shell.js";

const root = document.documentElement;
const known = new Map();
let content = null;

export const language = () => root.lang;
// From now on in that language, or in one that there is.
export const speak = async (wanted) => {
  const chosen = spoken(wanted || "");
  if (!known.has(chosen)) known.set(chosen, await fetched(chosen));
  content = known.get(chosen);
  root.lang = chosen;
  Object.assign(window.vereda.words, content.getElementById("page-words").dataset);
};
export const idleMinutes = () => Number(content.getElementById("idle").dataset.minutes);

const set = (made, name, put) => {
  for (const node of made.querySelectorAll(`[data-${name}]`)) put(node, node.dataset[name]);
};
// A part, filled. `html` is the course's own and comes from nowhere else.
export const make = (id, values = {}) => {
  const made = document.importNode(content.getElementById(id).content, true);
  set(made, "if", (node, name) => { if (!values[name]) node.remove(); });
  set(made, "quiet", (node, name) => node.classList.toggle("button-quiet", Boolean(values[name])));
  set(made, "put", (node, name) => { node.textContent = values[name] === undefined || values[name] === null ? "" : values[name]; });
  set(made, "html", (node, name) => { node.innerHTML = values[name] || ""; });
  set(made, "href", (node, name) => { if (values[name]) node.setAttribute("href", values[name]); });
  set(made, "lang", (node, name) => { if (values[name] && values[name] !== root.lang) node.lang = values[name]; });
  return made;
};
export const slot = (part, name) => part.querySelector(`[data-slot="${name}"]`);
export const fill = (part, name, ...nodes) => slot(part, name).replaceChildren(...nodes);
export const press = (part, name, act) => {
  for (const button of part.querySelectorAll(`[data-do="${name}"]`)) button.addEventListener("click", (event) => act(event.currentTarget));
};

// A sentence with values where it has #; its number is the first of them.
export const has = (name) => Boolean(content.querySelector(`#said`).content.querySelector(`[data-say="${name}"]`));
export const say = (name, ...values) => {
  const node = content.querySelector("#said").content.querySelector(`[data-say="${name}"]`);
  const one = node.dataset.one && new Intl.PluralRules(root.lang).select(values[0]) === "one";
  return window.vereda.say(one ? node.dataset.one : node.textContent, ...values.map((value) => (typeof value === "number" ? new Intl.NumberFormat(root.lang).format(value) : value)));
};

const format = (value, options) => new Intl.NumberFormat(root.lang, options).format(value);
export const size = (bytes) => {
  const [below, unit] = [[1e6, "kB"], [1e9, "MB"], [Infinity, "GB"]].find(([each]) => bytes < each);
  const value = bytes / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${format(unit === "kB" ? Math.max(Math.sign(value), Math.round(value)) : value, { maximumFractionDigits: value < 10 ? 1 : 0 })}\u00a0${unit}`;
};
export const percent = (share) => {
  const [above, below = 1] = String(share).split("/").map(Number);
  return format(above / below, { style: "percent", maximumFractionDigits: 0 });
};
export const decimal = () => format(0.5).replace(/[0-9]/g, "");
// A day as the server writes it (lms/i18n.py): English with the day first.
const days = () => (root.lang === "en" ? "en-GB" : root.lang);
export const date = (at) => new Intl.DateTimeFormat(days(), { dateStyle: "long" }).format(new Date(at));
export const when = (at) => new Intl.DateTimeFormat(days(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
export const called = (code) => {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
};
// About how long, from an hour up rounded to five minutes (lms/web/frame/words.py).
export const lasting = (minutes) => {
  if (!minutes) return "";
  if (minutes < 60) return say("about-min", minutes);
  const rounded = 5 * Math.round(minutes / 5);
  const [hours, rest] = [Math.floor(rounded / 60), rounded % 60];
  return rest ? say("about-h-min", hours, rest) : say("about-h", hours);
};
// What a course still asks for.
export const remaining = ({ complete, modules, minutes }) => {
  if (complete) return say("completed");
  const missing = modules.filter(({ required, done }) => required && !done);
  const tests = missing.filter(({ kind }) => kind === "test").length;
  const lessons = missing.length - tests;
  const left = !lessons ? say("only-test") : say(tests ? "modules-and-test" : "modules-left", lessons);
  return minutes ? `${left} ${say("you-need", lasting(minutes))}` : left;
};
