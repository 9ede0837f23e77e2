// A course on this phone: its modules and what is missing, search, glossary.
import { edit } from "./course-row.js";
import { hasNewer, look } from "./mine.js";
import { freshen } from "./news.js";
import { again, go } from "./router.js";
import { MOST, search as find } from "./search.js";
import { change, underWay } from "./switch.js";
import { onward, toReview } from "./view-home.js";
import { called, date, fill, lasting, make, percent, press, remaining, say, size, slot, speak } from "./words.js";

// A view within a course speaks its language, and its tab says little where it is sensitive.
export const within = async (found) => {
  await speak(found.language);
  const { text } = found;
  return { exit: text.exit, tint: text.tint || "", title: text.sensitive ? text.short || say("title-course") : text.title };
};
const keptOf = ({ taken, media, languages }) => {
  const texts = languages.reduce((sum, language) => sum + (taken.texts[language] || {}).bytes || 0, 0);
  return texts + (media ? taken.bytes_media || 0 : 0);
};
// What a module still asks for.
export const asks = ({ missing, share }, module) => missing.map((each) => (each === "quiz" ? say("ask-quiz", percent(`${module.quiz_mark}/100`), percent(share)) : say(`ask-${each}`)));

const entry = (course, text, stands, each, place) => {
  const module = text.modules[place];
  const part = make("course-module", {
    href: `#/module/${course}/${each.id}`, title: each.title, number: each.done ? "" : place + 1, done: each.done, begun: each.begun && !each.done,
    minutes: lasting(each.minutes), optional: !each.required, asked: each.begun && !each.done ? asks(each, module).join(" ") : "",
  });
  const item = part.querySelector("li");
  item.className = [each.done ? "done" : each.begun ? "begun" : "", stands.next && each.id === stands.next.id && !stands.complete ? "next" : ""].join(" ").trim();
  if (module.language) item.querySelector("h3").lang = module.language;
  return part;
};

const chooseLanguage = (part, row, language) => {
  for (const each of row.languages.length > 1 ? row.languages : []) {
    const choice = make("course-language");
    const button = choice.querySelector("button");
    Object.assign(button, { textContent: called(each), lang: each });
    if (each === language) button.setAttribute("aria-current", "true");
    button.addEventListener("click", async () => {
      await edit(row, { language: each });
      again();
    });
    slot(part, "languages").append(choice);
  }
};

// A newer release: to be fetched, or lying ready until nothing is under way.
const newer = async (view, { row, profile }) => {
  if (!hasNewer(row)) return;
  const place = slot(view, "banners");
  if (!row.newer || !row.newer.ready) {
    place.append(make("newer", { take: `#/take/${row.course}` }));
    return;
  }
  const { draft, attempt } = await underWay(profile.learner, row.course);
  place.append(make("newer", { ready: !(draft || attempt), waits: draft || attempt }));
  press(place, "change", async () => {
    await change(profile, row.course);
    await go(`course/${row.course}`, { instead: true });
    document.getElementById("pocket-view").prepend(make("good", { text: say("newer-here") }));
  });
};

export const course = async (id) => {
  const found = await look(id);
  const view = await within(found);
  const { row, text, language, stands } = found;
  const on = stands.complete ? "" : onward(id, stands);
  const part = make("course", {
    language, title: text.title, minutes: lasting(text.minutes), kept: say("taken-size", size(keptOf(row))), languages: row.languages.length > 1, complete: stands.complete && text.rules.certificate,
    remaining: remaining(stands), on, label: on ? say(stands.begun ? "go-on-with" : "begin-with", stands.next.title) : "", words: text.glossary.length ? `#/words/${id}` : "", drop: `#/drop/${id}`, more: `#/take/${id}`, taken: date(row.at), about: text.about, ...toReview(id, found),
  });
  chooseLanguage(part, row, language);
  for (const [place, each] of stands.modules.entries()) slot(part, "modules").append(entry(id, text, stands, each, place));
  await newer(part, found);
  return {
    ...view,
    part,
    ready: (root) => {
      window.vereda.fold(root);
      if (stands.complete) freshen(found.profile); // a certificate may be there
      root.querySelector("[data-search]").addEventListener("submit", (event) => {
        event.preventDefault();
        go(`search/${id}/${event.target.elements.q.value.trim()}`);
      });
    },
  };
};

const passages = (id, text, hits) => {
  const count = say("passages", hits.length);
  const most = hits.length < MOST ? "" : say("narrow-down", MOST);
  const part = make("found", { count: most ? say("passages-most", count) : count, most });
  const place = slot(part, "parts");
  let list = null;
  let last;
  for (const { module, anchor, title, parts } of hits) {
    if (module !== last || !list) {
      const heading = document.createElement("h2");
      const found = text.modules.find((each) => each.id === module);
      heading.textContent = found ? found.title : say("about-course");
      list = document.createElement("ul");
      place.append(heading, list);
      last = module;
    }
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = module ? `#/module/${id}/${module}${anchor ? `/${anchor}` : ""}` : `#/course/${id}`;
    link.textContent = anchor ? title : say("at-beginning");
    const said = document.createElement("p");
    said.append(...parts.map(([words, marked]) => (marked ? Object.assign(document.createElement("mark"), { textContent: words }) : words)));
    item.append(link, said);
    list.append(item);
  }
  return part;
};
export const search = async (id, query = "") => {
  const found = await look(id);
  const view = await within(found);
  const part = make("search", { course: `#/course/${id}`, title: found.text.title });
  const field = part.querySelector("input");
  field.value = query;
  if (query) {
    const hits = find(found.text, query);
    fill(part, "found", hits.length ? passages(id, found.text, hits) : make("found-none", { text: say("nothing-found", query) }));
  }
  return {
    ...view,
    part,
    ready: (root) => root.querySelector("[data-search]").addEventListener("submit", (event) => {
      event.preventDefault();
      go(`search/${id}/${field.value.trim()}`, { instead: true });
    }),
  };
};

export const glossary = async (id) => {
  const found = await look(id);
  const view = await within(found);
  const part = make("glossary", { course: `#/course/${id}`, title: found.text.title });
  for (const { id: name, term, html, language } of found.text.glossary) {
    const [said, meaning] = [document.createElement("dt"), document.createElement("dd")];
    Object.assign(said, { textContent: term, lang: language, id: name });
    Object.assign(meaning, { innerHTML: html, lang: language });
    slot(part, "terms").append(said, meaning);
  }
  return { ...view, part };
};
