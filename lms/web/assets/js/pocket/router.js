// Which view stands there, for whom; nothing of it is in the address or in the browser's history, which hold one page only.
import { Offline, Refused, me as account } from "./api.js";
import { edit } from "./course-row.js";
import { Full, Gone, all, one } from "./db.js";
import { dress, frame, tellStatus } from "./frame.js";
import { Evicted, Missing, Nobody, enter, me, who } from "./mine.js";
import { called, make, press, say, speak } from "./words.js";

const NAME = document.title;
const ADDRESS = location.pathname;
const view = document.getElementById("pocket-view");
const people = typeof BroadcastChannel === "function" ? new BroadcastChannel("pocket people") : { postMessage() {} };
const places = new Map(); // how far down each view was left
let views = [];
let turn = 0;
let leaving = () => {};
let here = "";
let by = ""; // the device of whoever is open: no entry of another's in the history is followed
let wanted = ""; // where somebody was going when she was asked who she is
let wantedBy = ""; // the device of whoever it was, where the history tells: nobody else goes there
let guessed = ""; // who it may be: she is asked for her PIN
export const guess = () => guessed;
export const going = () => wanted;

// An address from outside, such as /pocket#/take/trata.
const asked = () => {
  const hash = decodeURIComponent(location.hash);
  return hash.startsWith("#/") ? hash.slice(2) : null;
};
const note = (write, route) => history[write]({ route, by }, "", ADDRESS);

const PROBLEMS = [
  [Missing, ({ message }) => ["not-here", "not-here-text", { href: `#/take/${message}`, label: say("take-now") }]],
  [Evicted, ({ row }) => ["gone", "gone-text", { href: `#/take/${row.course}`, label: say("take-again") }]],
  [Full, () => ["wrong", "storage-full", { again: true }]],
  [Gone, () => ["wrong", "storage-gone", { again: true }]],
  [Offline, () => ["title-network", "try-later", { again: true }]],
  [Error, () => ["wrong", "wrong-text", { again: true }]],
];
// What went wrong, and what to do.
const wrong = (error) => {
  const [title, text, more] = PROBLEMS.find(([kind]) => error instanceof kind)[1](error);
  const said = error instanceof Refused && error.message ? error.message : say(text);
  return { title: say(title), part: make("wrong", { title: say(title), text: said, ...more }) };
};
const hers = () => me().then(({ language }) => language, () => "");

const made = async (route) => {
  const [pattern, load, { open = true, within = false } = {}] = views.find(([each]) => each.test(route)) || [];
  if (!within) await speak(await hers());
  if (!load) return { title: say("not-found"), part: make("wrong", { title: say("not-found"), text: "" }) };
  if (open) await me();
  return load(...pattern.exec(route).slice(1).map((value) => value || ""));
};

// A place in the page that stands there.
const reach = (aim) => {
  const fold = aim.closest("details:not([open])");
  if (fold) fold.open = true;
  if (!aim.matches("a, button, input, select, textarea, [tabindex]")) aim.tabIndex = -1;
  aim.focus({ preventScroll: true });
  aim.scrollIntoView();
};
const stop = () => {
  leaving();
  leaving = () => {};
};

// The view of that place; a view gives its `title` (of the tab: it says little), its `part`, what its frame is to have
// (`exit`, `tint`), the `aim` to go to, and `ready`, called when it stands there; what that gives is called when it is left.
export const show = async (route, { focus = true, at = 0 } = {}) => {
  turn += 1;
  const mine = turn;
  const waiting = setTimeout(() => { if (mine === turn) view.replaceChildren(make("loading")); }, 400);
  let told;
  try {
    told = await made(route);
  } catch (error) {
    if (error instanceof Nobody) {
      clearTimeout(waiting);
      if (mine === turn) await nobody(route);
      return;
    }
    if (!PROBLEMS.some(([kind]) => kind !== Error && error instanceof kind)) console.error(error);
    await speak(await hers());
    told = wrong(error);
  }
  clearTimeout(waiting);
  if (mine !== turn) return;
  stop();
  here = route;
  await frame(told);
  view.replaceChildren(told.part);
  document.title = told.title ? `${told.title} · ${NAME}` : NAME;
  press(view, "again", () => show(route));
  leaving = (told.ready && told.ready(view)) || (() => {});
  const heading = view.querySelector("h1");
  if (heading) heading.tabIndex = -1;
  const aim = told.aim && document.getElementById(told.aim);
  if (aim) reach(aim);
  else {
    scrollTo({ top: at, behavior: "instant" });
    if (focus && heading) heading.focus({ preventScroll: true });
  }
};
// Onwards: a new entry in the browser's history, which says no more than that this page was open.
export const go = (route, { instead = false } = {}) => {
  places.set(here, scrollY);
  note(instead ? "replaceState" : "pushState", route);
  return show(route);
};
export const current = () => (history.state || {}).route;
// The same view anew; she may be on her way to another by now.
export const again = () => show(current(), { at: scrollY, focus: false });

// Her place is opened in this tab, where she was going.
export const begin = async (profile) => {
  const isHers = !wantedBy || wantedBy === profile.device;
  const route = isHers && !/^(who|pin|add)$/.test(wanted) ? wanted : "";
  wanted = "";
  enter(profile.learner);
  by = profile.device;
  await speak(profile.language);
  await dress(profile, acts);
  document.dispatchEvent(new CustomEvent("pocket:opened"));
  await go(route, { instead: true });
};
// It is closed: nothing of hers is left on the page, and no entry of the history leads back to it.
export const close = async (told = "", everywhere = true) => {
  const learner = who();
  turn += 1;
  stop();
  enter(null);
  by = "";
  here = "";
  guessed = "";
  wanted = "";
  places.clear();
  view.replaceChildren();
  document.title = NAME;
  if (everywhere && learner) people.postMessage({ closed: learner });
  await dress(null, acts);
  await go("who", { instead: true });
  if (told) tellStatus(say(told));
};
// Within a course the language is the course's: it is read in the one that she chose where it is here in that, else she is
// told so.
const speakCourse = async ({ learner, language }) => {
  const [pattern, , { within = false } = {}] = views.find(([each]) => each.test(here)) || [];
  const row = within && await one("courses", [learner, pattern.exec(here)[1]]);
  if (!row || !row.taken) return [];
  if (!row.languages.includes(language)) return [make("notice", { text: say("not-in-language", called(language)), href: `#/take/${row.course}`, label: say("take-now") })];
  await edit(row, { language });
  return [];
};
const acts = {
  close: () => close("closed"),
  renew: async (profile) => {
    const told = profile ? await speakCourse(profile) : [];
    await dress(profile, acts);
    await again();
    view.prepend(...told);
  },
};
people.onmessage = ({ data }) => { if (data.closed === who()) close("", false); };

// Nobody is open: who is it? Where there is one person without a PIN there is nothing to ask; but who comes from a page of
// the site takes the course along for herself, not for whoever was here before.
const signedIn = () => account().then(({ learner }) => learner, () => "");
const nobody = async (route) => {
  const profiles = await all("profiles");
  wanted = route;
  wantedBy = (history.state || {}).by || "";
  const before = profiles.find(({ device }) => device === (history.state || {}).by);
  let only = before || (profiles.length === 1 ? profiles[0] : null);
  if (!before && route.startsWith("take/")) {
    const learner = await signedIn();
    const held = profiles.find((each) => each.learner === learner);
    if (learner && !held) only = undefined;
    else only = held || only;
  }
  guessed = only ? only.learner : "";
  if (only && !only.pin) await begin(only);
  else await go(only === undefined || !profiles.length ? "add" : only ? "pin" : "who", { instead: true });
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.defaultPrevented || !window.vereda.plain(event)) return;
  event.preventDefault();
  const to = decodeURIComponent(link.getAttribute("href").slice(1));
  const aim = document.getElementById(to);
  if (to.startsWith("/")) go(to.slice(1));
  else if (aim) reach(aim);
});
addEventListener("popstate", ({ state }) => {
  const route = asked();
  const mine = state && (state.by || "") === by;
  if (route === null && mine && state.route === here) return;
  const next = route !== null ? route : mine ? state.route : who() ? "" : "who";
  if (route !== null || !mine) note("replaceState", next);
  show(next, { at: places.get(next) || 0 });
});

// The view that the address or the entry of the history asks for.
export const open = async (all_) => {
  views = all_;
  history.scrollRestoration = "manual";
  await speak("");
  await dress(null, acts);
  const { state } = history;
  const outside = asked();
  const route = outside !== null ? outside : (state && state.route) || "";
  history.replaceState({ ...state, route }, "", ADDRESS);
  await show(route, { focus: false });
};
