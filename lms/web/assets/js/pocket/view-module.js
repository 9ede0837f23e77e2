// A module: one scroll, its questions marked at once, its story, where she has come to, her bookmarks and notes.
import { TYPES, record } from "./log.js";
import { lines, look, unsaved } from "./mine.js";
import { asks, within } from "./view-course.js";
import { keeping } from "./keeping.js";
import { quizzes } from "./quiz.js";
import { go } from "./router.js";
import { testPart } from "./view-test.js";
import { make, remaining, say, slot } from "./words.js";

let ended = ""; // the module that she said just now to have finished

const neighbours = (stands, id) => {
  const place = stands.modules.findIndex((each) => each.id === id);
  return { place, here: stands.modules[place], after: stands.modules[place + 1], before: stands.modules[place - 1] };
};
// The one to go on with when this is done as well.
const following = (stands, id) => {
  const others = stands.modules.filter((each) => each.required && !each.done && each.id !== id);
  return others.find(({ kind }) => kind !== "test") || others[0];
};

const finish = (course, { text, stands }, module) => {
  const { here, after, before } = neighbours(stands, module.id);
  const [end, quiz] = [here.missing.includes("end"), here.missing.includes("quiz")];
  const then = following(stands, module.id);
  const ahead = (each) => stands.modules.indexOf(each) > stands.modules.indexOf(here);
  const open = module.quizzes.find(({ questions }) => questions.length);
  const on = after && (!end || quiz);
  const to = (each) => each && `#/module/${course}/${each.id}`;
  const sentences = asks(here, module);
  return make("finish", {
    done: here.done, open: !here.done, quiz: quiz ? sentences[here.missing.indexOf("quiz")] : "", tries: module.quiz_attempts ? say("tries-few", module.quiz_attempts) : say("tries-free"), questions: quiz && open ? `#quiz-${open.id}` : "", besides: quiz && open && end,
    end: end && (then && !quiz ? say(ahead(then) ? "finished-next" : "finished-missing", then.title) : say("finished")), next: on ? to(after) : "", label: on ? say("next", after.title) : "",
    back: to(before), before: before ? say("before", before.title) : "", remaining: remaining(stands), title: text.title,
  });
};

const lesson = (course, found, module, tried, root, change) => {
  const { profile, row, text } = found;
  const act = (type, data, more = {}) => record(profile, { type, course, release: text.release, item: module.id, data }, more);
  const failed = (told, error) => { told.textContent = unsaved(error); };
  const place = root.querySelector("[data-finish]");
  const showEnd = (now) => {
    place.replaceChildren(finish(course, now, module));
    const form = place.querySelector("[data-end]");
    if (form) form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = slot(place, "status");
      form.querySelector("button").disabled = true;
      try {
        await act(TYPES.ended, {});
        ended = module.id;
        await change(following(now.stands, module.id), now);
      } catch (error) {
        form.querySelector("button").disabled = false;
        failed(told, error);
      }
    });
  };
  showEnd(found);
  window.vereda.fold(root);
  const kept = async (form) => {
    const told = form.querySelector("[data-status]");
    const { scenarios } = module;
    const scenario = form.closest(".scenario").id;
    try {
      await act(TYPES.scenario, { scenario, outcome: scenarios[scenario].endings[form.elements.ending.value] });
    } catch (error) {
      failed(told, error);
      return 0;
    }
    told.textContent = say("saved");
    form.querySelector("button").hidden = true;
    return 204;
  };
  for (const form of root.querySelectorAll("form[data-ending]")) {
    const scenario = form.closest(".scenario").id;
    const outcome = module.scenarios[scenario].endings[form.elements.ending.value];
    if ((found.facts.scenarios[scenario] || []).includes(outcome)) form.replaceWith(make("told-ending"));
  }
  window.vereda.tell(root, kept, () => location.href);
  window.vereda.follow(root.querySelector(".lesson"), async (section) => {
    const now = await look(course);
    const at = now.facts.place;
    if (!at || at.module !== module.id || at.section !== section) await act(TYPES.reached, { section });
  });
  const stopListening = window.vereda.listen(root) || (() => {});
  const stopQuizzes = quizzes(root, { profile, course, module, text, facts: found.facts, act, tried, after: async () => showEnd(await look(course)) });
  keeping(root, { profile, course, module, text, row });
  return () => {
    stopListening();
    stopQuizzes();
  };
};

const top = (root, { stands }, module, anchor) => {
  const { here } = neighbours(stands, module.id);
  const facts = root.querySelector(".module-bar .facts");
  if (!facts) return;
  const mark = facts.querySelector(".keep-top").closest("li");
  const on = here.next_anchor && here.next_anchor !== anchor ? `#${here.next_anchor}` : "";
  mark.before(make("module-top", { done: here.done, on: here.done ? "" : on }));
};

export const module = async (course, id, anchor = "") => {
  const found = await look(course);
  const { text, stands } = found;
  const held = text.modules.find((each) => each.id === id);
  if (!held) { // another release had it, as a note or a link of before may say
    await go(`course/${course}`, { instead: true });
    return { part: document.createDocumentFragment() };
  }
  const view = await within(found);
  const { place } = neighbours(stands, id);
  const part = make("module", { course: `#/course/${course}`, title: text.title, place: say("module-place", place + 1, stands.modules.length) });
  const body = slot(part, "body");
  body.innerHTML = held.html;
  // A picture that was not taken along is told in its own words.
  for (const picture of body.querySelectorAll("img")) {
    picture.addEventListener("error", () => picture.replaceWith(Object.assign(document.createElement("p"), { textContent: picture.alt })), { once: true });
  }
  if (ended) {
    const before = text.modules.find((each) => each.id === ended);
    if (before) slot(part, "told").append(make("good", { text: `${say("you-finished", before.title)} ${remaining(stands)}` }));
    ended = "";
  }
  const title = text.sensitive ? `${say("title-module", place + 1)} · ${text.short || say("title-course")}` : `${held.title} · ${text.title}`;
  const more = { ...view, title, part, aim: anchor };
  if (held.kind === "test") return testPart(more, found, held);
  top(body, found, held, anchor);
  const tried = (await lines(course)).filter(({ type, item, data }) => type === TYPES.submitted && item === id && data.answers).map(({ data }) => data.answers);
  return { ...more, ready: (root) => lesson(course, found, held, tried, root, (then) => go(then ? `module/${course}/${then.id}` : `course/${course}`)) };
};
