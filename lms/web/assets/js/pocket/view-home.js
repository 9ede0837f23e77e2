// "On this phone": where to go on, what is here, what is not sent, what else there is to take along.
import { Refused, ask } from "./api.js";
import { Evicted, hasNewer, look, me, rows, spokenIn } from "./mine.js";
import { missed } from "./missed.js";
import { freshen } from "./news.js";
import { again, close } from "./router.js";
import { pending } from "./send.js";
import { sendingBox, soon } from "./view-sending.js";
import { useNewer } from "./shell.js";
import { room, sizes } from "./take.js";
import { date, fill, make, press, remaining, say, size, slot } from "./words.js";

const WARN = 30 * 86400000; // before the store's word for this phone ends
let newer = false;
document.addEventListener("pocket:newer", () => {
  newer = true;
  const place = document.querySelector('[data-slot="banners"]');
  if (place) banners(place);
});
const banners = (place) => {
  if (!newer || place.querySelector('[data-do="renew"]')) return;
  place.append(make("new-shell"));
  press(place, "renew", useNewer);
};

const bar = (node, stands) => node.replaceChildren(...stands.modules.filter(({ required }) => required).map(({ done, begun }) => {
  const item = document.createElement("li");
  item.className = done ? "done" : begun ? "begun" : "";
  return item;
}));
// Where she goes on in a course.
export const onward = (course, stands) => {
  const { next } = stands;
  return next ? `#/module/${course}/${next.id}${next.next_anchor ? `/${next.next_anchor}` : ""}` : "";
};
// What waits there to be gone over.
export const toReview = (course, { facts, text }) => {
  const { length } = missed(facts, text);
  return { missed: length && `#/review/${course}`, missing: length && say("missed", length) };
};
const lately = ({ row, facts }) => (facts.place && facts.place.at) || row.at || "";

const card = (found, first) => {
  const { row, text, language, stands } = found;
  const href = `#/course/${row.course}`;
  const on = stands.complete ? "" : onward(row.course, stands);
  const values = { language, title: text.title, href, course: href, on, take: `#/take/${row.course}`, remaining: remaining(stands), newer: hasNewer(row), ...toReview(row.course, found) };
  const part = first
    ? make("home-resume", { ...values, module: stands.next.title, label: say(stands.begun ? "go-on" : "begin") })
    : make("home-course", { ...values, label: on ? say(stands.begun ? "go-on-with" : "begin-with", stands.next.title) : "" });
  bar(slot(part, "progress"), stands);
  part.firstElementChild.classList.add(text.tint);
  return part;
};

const courses = async (part, profile) => {
  const found = [];
  const gone = [];
  for (const row of await rows()) {
    try {
      found.push(await look(row.course));
    } catch (error) {
      if (!(error instanceof Evicted)) throw error;
      gone.push(row);
    }
  }
  found.sort((one, other) => (lately(one) < lately(other) ? 1 : -1));
  const first = found.find(({ stands }) => stands.next && !stands.complete);
  if (first) slot(part, "resume").append(card(first, true));
  for (const each of found) if (each !== first) slot(part, "courses").append(card(each, false));
  for (const row of gone) {
    const named = row.taken.title;
    const language = spokenIn({ language: row.language, languages: Object.keys(named) }, profile.language);
    slot(part, "courses").append(make("home-course", { title: named[language], language, href: `#/take/${row.course}`, take: `#/take/${row.course}`, gone: true }));
  }
  if (!found.length && !gone.length) slot(part, "courses").append(make("home-empty"));
  return { here: new Set([...found.map(({ row }) => row.course), ...gone.map(({ course }) => course)]), exit: found.some(({ text }) => text.exit) };
};

const told = async (part, profile) => {
  const place = slot(part, "banners");
  banners(place);
  const { refused, quarantined, unproven } = await pending(profile.learner);
  const bad = refused.length + quarantined.length + unproven.length;
  if (bad) place.append(make("refused-banner", { text: say("refused", bad) }));
  if (profile.revoked) place.append(make("notice", { text: say("sign-in-first"), href: "#/add", label: say("sign-in") }));
  else if (profile.expires && new Date(profile.expires) - Date.now() < WARN) place.append(make("notice", { text: say("expires-soon", date(profile.expires)), href: "#/add", label: say("sign-in") }));
};

// What she may take along, asked of the store; without a connection, what it said last is not kept: it may have changed.
const offer = async (view, profile, here) => {
  const place = slot(view, "more");
  const { free } = await room(0);
  if (free) fill(view, "space", say("free", size(free)));
  let reply;
  try {
    reply = await ask(profile, "courses", { language: profile.language });
  } catch (error) {
    const isOut = error instanceof Refused && ["revoked", "unknown", "expired"].includes(error.why);
    const told = isOut ? { text: say("sign-in-first"), href: "#/add", label: say("sign-in") } : { text: (error instanceof Refused && error.message) || say("offline-more") };
    if (place.isConnected) place.replaceChildren(...make("notice", told).childNodes);
    return;
  }
  const list = make("more");
  for (const { id, title, manifest } of reply.courses.filter((each) => each.manifest && !here.has(each.id))) {
    const language = title[profile.language] ? profile.language : Object.keys(title)[0];
    const languages = [spokenIn({ languages: manifest.languages }, profile.language)];
    const [text, both] = [await sizes(manifest, { languages, media: false }), await sizes(manifest, { languages, media: true })];
    slot(list, "list").append(make("more-one", { href: `#/take/${id}`, language, title: title[language], size: both.bytes > text.bytes ? say("size-both", size(text.bytes), size(both.bytes)) : say("size-text", size(text.bytes)) }));
  }
  if (place.isConnected) place.replaceChildren(slot(list, "list").children.length ? list : say("no-more"));
};

export const home = async () => {
  const profile = await me();
  const part = make("home", { name: profile.name });
  press(part, "other", () => close());
  const { here, exit } = await courses(part, profile);
  await told(part, profile);
  fill(part, "more", make("loading"));
  slot(part, "sending").append(await sendingBox(profile));
  return {
    title: say("title-home"),
    part,
    exit,
    ready: (view) => {
      offer(view, profile, here);
      freshen(profile).then((fresh) => { if (fresh && view.querySelector('[data-slot="resume"]')) again(); });
      return soon(view, profile);
    },
  };
};
