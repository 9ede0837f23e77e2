// A final test: attempts taken along, the sheet of one, what became of each. Marked by the store, never here.
import { Offline, Refused } from "./api.js";
import { one, put, run } from "./db.js";
import { Missing, look, tests, unsaved } from "./mine.js";
import { freshen, isExpected, news, onNews } from "./news.js";
import { again, go } from "./router.js";
import { begin, fetchTickets, isExpired, submit } from "./tickets.js";
import { within } from "./view-course.js";
import { toReview } from "./view-home.js";
import { whyOf } from "./view-sending.js";
import { date, fill, has, make, percent, press, say, slot } from "./words.js";

const outcomeOf = (state, { attempt, outcome }) => ((state || {}).attempts || {})[attempt] || outcome || {};
// What became of her line: it waits here, the store has it, or it was not taken.
const lineOf = ({ sheet: id }) => run(["events"], "readonly", ({ events }) => events.get(id, "id"));
const NOT_TAKEN = ["unproven", "quarantined", "refused"];
const textOf = (ticket, told, line) => {
  if (told.share !== undefined && told.share !== null) return say(told.passed ? "attempt-passed" : "attempt-failed", percent(told.share));
  if (told.state === "not_counted") return `${say("attempt-not-counted")} ${has(`why-${told.why}`) ? say(`why-${told.why}`) : ""}`;
  if (ticket.submitted && line && NOT_TAKEN.includes(line.state)) return `${say("attempt-not-counted")} ${whyOf(line)}`;
  if (ticket.submitted) return say(!line || line.state === "waiting" ? "attempt-saved" : told.state === "waiting" ? "attempt-waiting" : "attempt-sent");
  if (isExpired(ticket)) return say("attempt-over");
  return say(ticket.begun ? "attempt-open" : "attempt-unopened", date(ticket.expires));
};
const attempt = (course, ticket, place, state, line, waiting) => {
  const told = outcomeOf(state, ticket);
  const open = !ticket.submitted && !isExpired(ticket) && told.share === undefined && told.state !== "not_counted";
  const failed = told.passed === false;
  const part = make("attempt", {
    title: say("attempt", place), text: textOf(ticket, told, line), code: ticket.submitted && ticket.submitted.code, review: failed && (told.review || []).length, ...(failed && waiting), site: told.passed && `/attempts/${ticket.attempt}`,
    href: open ? `#/test/${course}/${ticket.attempt}` : "", label: say(ticket.begun ? "go-on-test" : "open-test"),
  });
  for (const { module, title } of failed ? told.review || [] : []) {
    const link = Object.assign(document.createElement("a"), { href: `#/module/${course}/${module}`, textContent: title });
    const item = document.createElement("li");
    item.append(link);
    slot(part, "review").append(item);
  }
  return part;
};

const REFUSED = ["none_left", "too_many", "not_offline"];
// What stands below the words of the test's module.
export const testPart = async (view, found, module) => {
  const { profile, row, stands } = found;
  const course = row.course;
  const rules = module.test || (row.taken.tests || {})[module.id] || {};
  const mine = (await tests(course)).filter((each) => each.module === module.id);
  const state = row.state || {};
  const { attempts_left: left = null, wait_s: wait = 0 } = (state.tests || {})[module.id] || {};
  const here = stands.modules.find(({ id }) => id === module.id);
  const waits = mine.filter((each) => !each.submitted && !isExpired(each)).length;
  const why = rules.offline === false ? say("not_offline") : left === 0 && !waits ? say("none_left") : wait > 0 && !waits ? say("wait-minutes", Math.ceil(wait / 60)) : "";
  const part = make("test", {
    count: rules.count ? `${say("questions", rules.count)}; ${say("pass-with", percent(`${rules.pass_mark}/100`))}` : "", passed: here.done, offered: rules.offline !== false && left !== 0 && waits < 3, several: left === null || left > 1,
    left: left === null ? say("attempts-free") : say("attempts-left", left), take: say("take-attempt"), why,
  });
  for (const [place, each] of mine.entries()) slot(part, "attempts").append(attempt(course, each, place + 1, state, each.submitted && await lineOf(each), toReview(course, found)));
  const form = part.querySelector("[data-form]");
  if (form && waits) form.querySelector(".button").classList.add("button-quiet");
  view.part.append(part);
  return {
    ...view,
    ready: (root) => {
      if (mine.some(isExpected)) freshen(profile);
      if (form) form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = form.querySelector("[type=submit]");
        if (button.hasAttribute("aria-busy")) return;
        button.setAttribute("aria-busy", "true");
        try {
          await fetchTickets(profile, { course, module: module.id, release: row.taken.release, language: found.language, count: Number((form.elements.count || { value: 1 }).value) });
          await news(profile).catch(() => {});
          await go(`module/${course}/${module.id}`, { instead: true });
          const last = [...document.querySelectorAll(".attempt h3")].pop(); // what was taken, and how to open it
          if (last) {
            last.tabIndex = -1;
            last.focus({ preventScroll: true });
            last.scrollIntoView({ block: "center" });
          }
          return;
        } catch (error) {
          if (!(error instanceof Offline || error instanceof Refused)) throw error;
          const text = error instanceof Offline ? say("must-network") : REFUSED.includes(error.why) ? say(error.why) : error.message || say("wrong-text");
          fill(root, "problem", make("alert", { text, ...(["revoked", "expired", "unknown"].includes(error.why) ? { href: "#/add", label: say("sign-in") } : {}) }));
        }
        button.removeAttribute("aria-busy");
      });
      return onNews(again);
    },
  };
};

const complete = (asked) => {
  const fields = [...asked.querySelectorAll("input, select")];
  return fields.some(({ type }) => ["radio", "checkbox"].includes(type)) ? fields.some(({ checked }) => checked) : fields.every(({ value }) => value.trim());
};
const wiresOf = (form) => {
  const wires = {};
  for (const [name, value] of new FormData(form)) if (value) wires[name] = [...(wires[name] || []), value];
  return wires;
};
const restore = (form, wires) => {
  for (const field of form.querySelectorAll("[name]:not(button)")) {
    const values = wires[field.name] || [];
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  }
};

const answering = (root, context) => {
  const { profile, ticket, language, key, draft, done } = context;
  const form = root.querySelector("[data-sheet]");
  const status = form.querySelector("[data-status]");
  restore(form, draft);
  window.vereda.enhance(form);
  let timer = 0;
  let waiting = false;
  const [learner, course, item] = key;
  const save = async () => {
    clearTimeout(timer);
    if (!waiting) return;
    waiting = false;
    try {
      await put("drafts", { learner, course, item, draft: wiresOf(form), at: new Date().toISOString() });
      if (!waiting) status.textContent = say("saved");
    } catch (error) {
      waiting = true;
      status.textContent = unsaved(error);
    }
  };
  form.addEventListener("input", () => {
    waiting = true;
    status.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  });
  const review = () => {
    const asked = [...form.querySelectorAll(".asked")];
    const empty = asked.map((each, place) => [each, place + 1]).filter(([each]) => !complete(each));
    fill(form, "before", make("sheet-review", { empty: empty.length, full: !empty.length }));
    for (const [each, place] of empty) slot(form, "empty").append(make("sheet-empty", { href: `#${each.querySelector("fieldset").id}`, text: say("question-n", place) }));
    form.querySelector("#page-review").focus();
    form.querySelector("#page-review").scrollIntoView();
  };
  const ACTS = {
    review,
    save: () => go(`module/${course}/${ticket.module}`),
    send: async () => {
      clearTimeout(timer); // no draft of it is kept once it is sent
      waiting = false;
      try {
        await submit(profile, ticket, new FormData(form), language);
      } catch (error) {
        waiting = true;
        throw error;
      }
      await done();
    },
  };
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const act = (event.submitter || {}).value || "review";
    try {
      if (act !== "send") await save();
      await ACTS[act]();
    } catch (error) {
      status.textContent = unsaved(error);
    }
    busy = false;
  });
  const hide = () => { if (document.hidden) save(); };
  document.addEventListener("visibilitychange", hide);
  return () => {
    document.removeEventListener("visibilitychange", hide);
    save();
  };
};

export const sheet = async (course, id) => {
  const found = await look(course);
  const { profile, row, text, language } = found;
  const ticket = await one("tickets", [profile.learner, id]);
  if (!ticket || ticket.course !== course) throw new Missing(course);
  const view = await within(found);
  const held = text.modules.find((each) => each.id === ticket.module) || { title: say("kind-test") };
  const values = { module: `#/module/${course}/${ticket.module}`, course: text.title, title: held.title };
  if (ticket.submitted) {
    const line = await lineOf(ticket);
    const waits = !line || line.state === "waiting";
    const text = textOf(ticket, outcomeOf(row.state, ticket), line);
    return { ...view, part: make("sheet-sent", { ...values, waits, sent: !waits, text, code: ticket.submitted.code, back: `#/course/${course}` }), ready: () => onNews(again) };
  }
  if (isExpired(ticket)) return { ...view, part: make("wrong", { title: held.title, text: say("attempt-over") }) };
  if (!ticket.begun) {
    return {
      ...view,
      part: make("begin", { ...values, expires: say("until", date(ticket.expires)) }),
      ready: (root) => press(root, "begin", async () => {
        await begin(ticket);
        await go(`test/${course}/${id}`, { instead: true });
      }),
    };
  }
  const key = [profile.learner, course, `${ticket.module}/${ticket.attempt}`];
  const { draft = {} } = await one("drafts", key) || {};
  const part = make("sheet", values);
  const spoken = ticket.html[language] ? language : Object.keys(ticket.html)[0];
  slot(part, "questions").innerHTML = ticket.html[spoken];
  if (spoken !== language) slot(part, "questions").lang = spoken;
  return {
    ...view,
    part,
    ready: (root) => answering(root, { profile, ticket, language: spoken, key, draft, done: () => go(`test/${course}/${id}`, { instead: true }) }),
  };
};
