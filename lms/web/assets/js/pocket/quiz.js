// Practice: rows in an order of her own, drafts kept, answers marked here and told at once.
import { put, drop, one } from "./db.js";
import { told } from "./feedback.js";
import { fields, read } from "./forms.js";
import { own } from "./grading.js";
import { TYPES } from "./log.js";
import { unsaved } from "./mine.js";
import { decimal, make, say } from "./words.js";

// An order for each learner and question, the same each time: authors write the right answer first nine times of ten.
const seeded = (text) => {
  let state = 2166136261;
  for (const sign of text) state = Math.imul(state ^ sign.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
const mixed = (nodes, name) => {
  const chance = seeded(name);
  const made = [...nodes];
  for (let place = made.length - 1; place > 0; place -= 1) {
    const other = Math.floor(chance() * (place + 1));
    [made[place], made[other]] = [made[other], made[place]];
  }
  return made;
};
const shuffle = (nodes, name) => {
  const all = [...nodes];
  if (all.length < 2) return;
  const end = all[all.length - 1].nextSibling;
  const home = all[0].parentNode;
  for (const node of mixed(all, name)) home.insertBefore(node, end);
};
export const shuffled = (asked, learner, id, { kind }) => {
  if (["single", "multiple"].includes(kind)) shuffle(asked.querySelectorAll("label.option"), `${learner} ${id} choice`);
  if (["match", "classify", "order"].includes(kind)) shuffle(asked.querySelectorAll(".pair"), `${learner} ${id} choice`);
  if (["match", "classify", "blanks"].includes(kind)) {
    for (const select of asked.querySelectorAll("select")) shuffle([...select.options].slice(1), `${learner} ${id} target ${kind === "blanks" ? select.name : ""}`);
  }
};

export const askedOf = (form, id) => form.querySelector(`[id="question-${id}"]`).closest(".asked");
const restore = (form, filled_) => {
  for (const [name, value] of filled_) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = field.checked || field.value === value;
      else field.value = value;
    }
  }
};

const element = (tag, name, ...parts) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...parts);
  return made;
};
const spoken = (node, from) => {
  if (from && from.lang) node.lang = from.lang;
  return node;
};
const html = (tag, name, text, from) => spoken(Object.assign(element(tag, name), { innerHTML: text }), from);
const reason = ({ feedback }, from) => (feedback ? [html("p", "reason", feedback, from)] : []);
const quoted = (text, kind, from) => {
  if (!text) return "";
  if (kind === "order") return say("place-n", text);
  const quote = html("q", "", text, from);
  return quote.outerHTML;
};

// What is told of each part, in the words of the form that was there (learn/questions.html).
const choices = (asked, question, parts) => [...asked.querySelectorAll("label.option")].map((label) => {
  const { key } = question.options[Number(label.querySelector("input").value) - 1];
  const part = parts[key];
  const said = label.querySelector(":scope > span");
  const verdict = part.chosen ? [make(part.right ? "told-mine-right" : "told-mine-wrong")] : part.right ? [make("told-this")] : [];
  return element("li", `${part.right ? "right" : "wrong"}${part.chosen ? " chosen" : ""}`, ...verdict, html("div", "", said.innerHTML, said), ...reason(part, said));
});
const pieces = (asked, question, parts) => {
  const things = question.kind === "order" ? question.items : question.pairs;
  const rows = [...asked.querySelectorAll(".pair")].map((row) => ({ place: Number(row.querySelector("select").name.split(".").pop()) - 1, label: row.querySelector("label") }));
  if (question.kind === "order") rows.sort((before, after) => before.place - after.place);
  return rows.map(({ place, label }) => {
    const part = parts[things[place].key];
    const [given, wanted] = [quoted(part.given, question.kind, label), quoted(part.wanted, question.kind, label)];
    return element("li", `chosen ${part.right ? "right" : "wrong"}`, html("div", "", label.innerHTML, label), make(part.right ? "told-part-right" : "told-part-wrong", { given, wanted, none: !given }), ...reason(part, label));
  });
};
const span = (text) => {
  const [low, high] = text.split("..").map((each) => each.replace(".", decimal()));
  return high ? say("from-to", low, high) : low;
};
const written = (asked, question, parts) => {
  const part = parts.written;
  const from = asked.querySelector("input");
  const wanted = question.kind === "numeric" ? span(part.wanted) : part.wanted;
  const is = part.right ? [] : [element("p", "", make("told-is", { wanted }))];
  return [element("li", `chosen ${part.right ? "right" : "wrong"}`, make(part.right ? "told-mine-right" : "told-mine-wrong"), html("div", "", part.given, from), ...is, ...reason(part, from))];
};
const filled = (asked, question, parts) => {
  const made = asked.querySelector(".gapped").cloneNode(true);
  made.classList.add("filled");
  for (const [place, field] of [...made.querySelectorAll("input, select")].entries()) {
    const part = parts[question.gaps[place].key];
    field.replaceWith(make(part.right ? "told-fill-right" : "told-fill-wrong", { given: part.given || "…", wanted: part.wanted }));
  }
  return made;
};

export const tell = (asked, id, question, answer) => {
  const box = element("div", "question asked");
  box.id = `question-${id}`;
  const fieldset = asked.querySelector("fieldset");
  for (const node of asked.children) if (node !== fieldset) box.append(node.cloneNode(true));
  const legend = fieldset.querySelector("legend");
  box.append(html("p", "prompt", legend.innerHTML, legend));
  if (answer === undefined) {
    box.append(make("told-unanswered"));
    return { box, right: false };
  }
  const { result, parts } = told(question, answer);
  const hasReason = question.explanation || Object.values(parts).some(({ feedback }) => feedback);
  box.append(make(result === "wrong" && !hasReason ? "told-wrong-alone" : `told-${result}`));
  const { kind } = question;
  if (kind === "blanks") box.append(filled(asked, question, parts));
  else {
    const list = kind in { short: 1, numeric: 1 } ? written : kind in { match: 1, classify: 1, order: 1 } ? pieces : choices;
    box.append(element("ul", "answers", ...list(asked, question, parts)));
  }
  if (question.explanation) box.append(make("told-why", { text: question.explanation }));
  return { box, right: result === "right" };
};

const mend = (form, questions, unfinished) => {
  for (const old of form.querySelectorAll(".question-error")) old.remove();
  for (const id of unfinished) {
    const legend = askedOf(form, id).querySelector("legend");
    legend.after(element("p", "question-error", say(questions[id].kind === "order" ? "mend-order" : "mend-number")));
  }
  form.querySelector(".question-error").scrollIntoView({ block: "center" });
};
// What is answered there; null, and said so, where something is to be mended or nothing is answered.
export const answersOf = (form, questions, ids, status) => {
  const { answers, unfinished } = read(questions, ids, new FormData(form));
  if (unfinished.length) mend(form, questions, unfinished);
  else if (Object.keys(answers).length) return answers;
  else {
    status.textContent = say("answer-one");
    status.scrollIntoView({ block: "nearest" });
  }
  return null;
};

// One quiz: its form, then what is told of the answers, then the form again.
const live = (quiz, name, ids, { profile, course, module, facts, act, after, tried }) => {
  const plain = quiz.querySelector("form").cloneNode(true);
  for (const id of ids) shuffled(askedOf(plain, id), profile.learner, id, module.questions[id]);
  const item = `${module.id}/${name}`;
  const key = [profile.learner, course, item];
  let tries = tried.filter((answers) => ids.some((id) => own(answers, id) !== undefined)).length;
  let timer = 0;
  let typed = null;
  const save = async () => {
    clearTimeout(timer);
    const draft = typed;
    typed = null;
    if (!draft) return;
    try {
      if (Object.keys(draft).length) await put("drafts", { learner: profile.learner, course, item, draft, at: new Date().toISOString() });
      else await drop("drafts", key);
    } catch (error) {
      typed = typed || draft; // for when the page is left, or something more is typed
      throw error;
    }
  };
  const move = (to) => {
    if (!to.matches("input, select, button")) to.tabIndex = -1;
    to.focus({ preventScroll: true });
    const { top } = quiz.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) quiz.scrollIntoView();
  };
  const showForm = (draft, focus) => {
    const form = plain.cloneNode(true);
    restore(form, ids.reduce((all, id) => [...all, ...fields(id, module.questions[id], own(draft, id))], []));
    quiz.replaceChildren(form);
    window.vereda.enhance(quiz);
    const status = form.querySelector("[data-status]");
    form.addEventListener("input", () => {
      const now = read(module.questions, ids, new FormData(form));
      typed = now && now.draft;
      status.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(() => save().then(() => { if (!typed) status.textContent = say("saved"); }, (error) => { status.textContent = unsaved(error); }), 500);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check(form, status).catch((error) => {
        status.textContent = unsaved(error);
        form.querySelector("[type=submit]").disabled = false;
      });
    });
    if (focus) move(form.querySelector("input:not([type=hidden]), select, button"));
  };
  const showTold = (answers, focus) => {
    const boxes = ids.map((id) => tell(askedOf(plain, id), id, module.questions[id], own(answers, id)));
    const score = ids.length > 1 ? [element("p", "score", say("score", boxes.filter(({ right }) => right).length, ids.length))] : [];
    const over = module.quiz_attempts && tries >= module.quiz_attempts;
    const end = over ? element("p", "small quiet", say("no-tries")) : make("told-again");
    quiz.replaceChildren(...score, ...boxes.map(({ box }) => box), end);
    if (!over) quiz.querySelector("[data-redo]").addEventListener("click", () => showForm({}, true));
    if (focus) move(quiz.querySelector(".score, .result"));
  };
  const check = async (form, status) => {
    const answers = answersOf(form, module.questions, ids, status);
    if (!answers) return;
    form.querySelector("[type=submit]").disabled = true;
    clearTimeout(timer);
    typed = null;
    await act(TYPES.submitted, { answers }, { stores: ["drafts"], also: ({ drafts }) => drafts.drop(key) });
    tries += 1;
    showTold(answers, true);
    await after();
  };
  const begin = async () => {
    const held = await one("drafts", key);
    const last = Object.fromEntries(ids.map((id) => [id, ((own(facts.results, id) || {}).last || {}).answer]).filter(([, answer]) => answer !== undefined));
    if (held) showForm(held.draft, false);
    else if (Object.keys(last).length) showTold(last, false);
    else showForm({}, false);
  };
  return { begin, save };
};

// Every quiz of a module; gives what is to be called when the module is left.
export const quizzes = (root, context) => {
  const made = context.module.quizzes.map(({ id, questions }) => live(root.querySelector(`[id="quiz-${id}"]`), id, questions, context));
  const save = () => made.forEach((each) => each.save().catch(() => {}));
  const hide = () => { if (document.hidden) save(); };
  for (const { begin } of made) begin();
  document.addEventListener("visibilitychange", hide);
  return () => {
    document.removeEventListener("visibilitychange", hide);
    save();
  };
};
