// Going over what was missed in practice, a few questions at a time: told at once, counting for nothing (docs/decisions/0017).
import { compare } from "./fold.js";
import { own } from "./grading.js";
import { TYPES, record } from "./log.js";
import { look, unsaved } from "./mine.js";
import { missed } from "./missed.js";
import { answersOf, askedOf, shuffled, tell } from "./quiz.js";
import { within } from "./view-course.js";
import { make, say, slot } from "./words.js";

const FEW = 4; // as lms/services/studying/reviewing.py asks

// What the links of a question lead to stands in its module.
const leading = (box, course, module) => {
  for (const link of box.querySelectorAll("a[href^='#']:not([href^='#/'])")) link.setAttribute("href", `#/module/${course}/${module.id}/${link.getAttribute("href").slice(1)}`);
  return box;
};
// The question as its module asks it, alone.
const asked = (course, learner, { id, module }) => {
  const page = Object.assign(document.createElement("template"), { innerHTML: module.html }).content;
  const box = askedOf(page, id);
  for (const place of box.querySelectorAll(":scope > .eyebrow")) place.remove();
  shuffled(box, learner, id, module.questions[id]);
  return leading(box, course, module);
};
const from = (course, { id, module }) => {
  const quiz = module.quizzes.find(({ questions }) => questions.includes(id));
  return make("review-from", { href: `#/module/${course}/${module.id}/quiz-${quiz.id}`, title: module.title, language: module.language });
};
const next = (course, left, answered) => make("review-next", {
  some: left && say("review-left", left), next: left ? `#/review/${course}` : "", none: !left && answered, never: !left && !answered, back: `#/course/${course}`, quiet: left,
});

export const review = async (course) => {
  const found = await look(course);
  const view = await within(found);
  const { profile, text, language, facts } = found;
  const waiting = missed(facts, text);
  const at = ({ id }) => (own(facts.reviewed, id) || { at: "" }).at;
  const few = [...waiting].sort((one, other) => compare(at(one), at(other))).slice(0, FEW);
  const boxes = few.map((each) => asked(course, profile.learner, each));
  const questions = Object.fromEntries(few.map(({ id, module }) => [id, module.questions[id]]));
  const part = make("review", { course: `#/course/${course}`, title: text.title, some: few.length, more: waiting.length > few.length && say("review-waits", waiting.length), site: `/courses/${course}/review` });
  if (few.length) slot(part, "questions").prepend(...few.flatMap((each, place) => [from(course, each), boxes[place].cloneNode(true)]));
  else slot(part, "after").append(next(course, 0, Object.keys(facts.results).length));
  return {
    ...view,
    part,
    ready: (root) => {
      const form = root.querySelector("form");
      if (!form) return;
      window.vereda.enhance(form);
      const status = form.querySelector("[data-status]");
      const button = form.querySelector("[type=submit]");
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const answers = answersOf(form, questions, few.map(({ id }) => id), status);
        if (!answers || button.disabled) return;
        button.disabled = true;
        try {
          await record(profile, { type: TYPES.reviewed, course, release: text.release, data: { answers, language } });
        } catch (error) {
          status.textContent = unsaved(error);
          button.disabled = false;
          return;
        }
        const told = make("review-told");
        for (const [place, each] of few.entries()) {
          const answer = own(answers, each.id);
          if (answer !== undefined) slot(told, "told").append(from(course, each), leading(tell(boxes[place], each.id, questions[each.id], answer).box, course, each.module));
        }
        form.replaceWith(told, next(course, missed((await look(course)).facts, text).length, true));
        const result = root.querySelector(".result");
        result.tabIndex = -1;
        result.focus({ preventScroll: true });
        scrollTo({ top: 0, behavior: "instant" });
      });
    },
  };
};
