// Taking a course along: its size first, then how far it is; a newer release beside the one that is here; removing it.
import { Offline, Refused, ask } from "./api.js";
import { Full, one } from "./db.js";
import { Missing, look, me, spokenIn, tests } from "./mine.js";
import { go } from "./router.js";
import { change } from "./switch.js";
import { Changed, NoRoom, remove, room, sizes, take as fetchCourse } from "./take.js";
import { called, fill, make, press, say, size, slot } from "./words.js";

const offered = async (profile, course) => {
  const { courses } = await ask(profile, "courses", { language: profile.language });
  const found = courses.find(({ id }) => id === course);
  if (!found || !found.manifest) throw new Missing(course);
  return found;
};
const why = (error) => {
  if (error instanceof NoRoom || error instanceof Full) return [say("no-room")];
  if (error instanceof Changed) return [say("not-whole")];
  if (error instanceof Refused && ["revoked", "unknown", "expired"].includes(error.why)) return [say("sign-in-first"), { href: "#/add", label: say("sign-in") }];
  if (error instanceof Offline) return [say("network-cut")];
  if (error.name === "AbortError") return [say("stopped")];
  throw error;
};

// The size of each choice, for the languages that are ticked: what is still to come where she has begun to take it (`begun`),
// else all of it, since less would tell that somebody else has the course here.
const weigh = async (view, manifest, languages, begun) => {
  const [text, both] = [await sizes(manifest, { languages, media: false }), await sizes(manifest, { languages, media: true })];
  view.querySelector('form [data-put="text"]').textContent = size(begun ? text.left : text.bytes);
  const media = view.querySelector('form [data-put="media"]');
  if (media) media.textContent = size(begun ? both.left : both.bytes);
};

const fetching = (view, profile, manifest, wish) => {
  const form = view.querySelector("form");
  const going = slot(view, "going");
  const line = going.querySelector("progress");
  const said = slot(going, "said");
  const control = new AbortController();
  press(going, "stop", () => control.abort());
  const told = (done, all) => {
    line.max = all || 1;
    line.value = done;
    said.textContent = say("going", size(done), size(all));
  };
  const run = async () => {
    form.hidden = true;
    going.hidden = false;
    fill(view, "problem");
    said.tabIndex = -1;
    said.focus();
    try {
      const row = await fetchCourse(profile, manifest, { ...wish, told, signal: control.signal });
      const waits = row && row.newer && row.newer.ready && !await change(profile, row.course);
      if (view.contains(form)) await done(view, manifest.course, waits);
    } catch (error) {
      const [text, more] = why(error);
      if (!view.contains(form)) return;
      form.hidden = false;
      going.hidden = true;
      fill(view, "problem", make("alert", { text, ...more }));
      await weigh(view, manifest, wish.languages, true);
    }
  };
  run();
  return () => control.abort();
};
const done = async (view, course, waits) => {
  view.replaceChildren(make("taken", { course: `#/course/${course}`, waits }));
  const heading = view.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
};

export const take = async (course) => {
  const profile = await me();
  const row = await one("courses", [profile.learner, course]);
  let manifest;
  let exit;
  try {
    ({ manifest, sensitive: exit } = await offered(profile, course));
  } catch (error) {
    if (error instanceof Refused && ["revoked", "unknown", "expired"].includes(error.why)) return { title: say("title-course"), part: make("wrong", { title: say("sign-in"), text: say("sign-in-first"), href: "#/add", label: say("sign-in") }) };
    throw error;
  }
  const { languages } = manifest;
  const mine = row && row.languages.length ? row.languages.filter((each) => languages.includes(each)) : [spokenIn({ languages }, profile.language)];
  const language = manifest.title[profile.language] ? profile.language : languages[0];
  const isNewer = row && row.taken && row.taken.release !== manifest.release;
  const { free } = await room(0);
  const part = make("take", {
    heading: say(isNewer ? "take-newer" : "take"), title: manifest.title[language], language,
    text: " ", media: manifest.media.length ? " " : "", choice: languages.length > 1, label: say("take-now"), space: free ? say("free", size(free)) : "",
  });
  for (const each of languages.length > 1 ? languages : []) {
    const choice = make("take-language", { name: called(each) });
    Object.assign(choice.querySelector("input"), { value: each, checked: mine.includes(each) });
    choice.querySelector("span").lang = each;
    slot(part, "languages").append(choice);
  }
  const form = part.querySelector("form");
  if (row && row.media && form.elements.media.length) form.elements.media[1].checked = true;
  const chosen = () => {
    const ticked = [...form.querySelectorAll("[name=language]:checked")].map(({ value }) => value);
    return ticked.length ? ticked : mine;
  };
  await weigh(part, manifest, chosen(), row);
  return {
    title: say("title-course"),
    part,
    exit,
    ready: (view) => {
      let stop = () => {};
      form.addEventListener("change", () => weigh(view, manifest, chosen(), row));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const data = new FormData(form);
        stop = fetching(view, profile, manifest, { languages: chosen(), media: Boolean(data.get("media")) });
      });
      return () => stop();
    },
  };
};

// Where an address of the site led here because there is no network.
export const away = async (course, module) => {
  const { learner } = await me();
  const row = course && await one("courses", [learner, course]);
  if (row && row.taken) {
    await go(module ? `module/${course}/${module}` : `course/${course}`, { instead: true });
    return { title: "", part: document.createDocumentFragment() };
  }
  return { title: say("title-home"), part: make("wrong", { title: say("title-network"), text: say("try-later") }) };
};

export const drop = async (course) => {
  const { profile, text, language } = await look(course);
  const unsent = (await tests(course)).filter(({ submitted }) => !submitted).length;
  return {
    title: say("title-course"),
    exit: text.exit,
    part: make("drop", { course: `#/course/${course}`, title: text.title, language, tickets: unsent ? say("tickets-lost", unsent) : "" }),
    ready: (view) => press(view, "drop", async () => {
      await remove(profile, course);
      await go("", { instead: true });
    }),
  };
};
