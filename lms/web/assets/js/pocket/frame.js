// What stands around every view: the top with what is not sent, the way out, how pages look, the foot.
import { one, put } from "./db.js";
import { count } from "./log.js";
import { me, who } from "./mine.js";
import { make, press, say, speak } from "./words.js";

const root = document.documentElement;
const topmost = document.getElementById("pocket-top");
const foot = document.getElementById("pocket-foot");
const main = document.getElementById("page-main");
const status = document.getElementById("pocket-said");
const NAME = document.title;

export const tellStatus = (text) => { status.textContent = text; };

const unsent = async () => {
  const learner = who();
  const node = topmost.querySelector(".unsent");
  if (!node || !learner) return;
  const waiting = await count(learner, "waiting").catch(() => null);
  if (waiting === null || learner !== who()) return;
  node.textContent = waiting ? say("unsent", waiting) : say("all-sent");
  node.classList.toggle("tag-warm", waiting > 0);
};
document.addEventListener("pocket:changed", ({ detail }) => { if (detail.stores.includes("events")) unsent(); });

const lookOf = (profile) => (profile && typeof profile.look === "string" ? profile.look : "");
// How pages look to her is kept with her, on this phone.
const panel = (form, profile) => {
  const chosen = lookOf(profile).split(" ");
  for (const { elements } of [...form.querySelectorAll("fieldset")]) {
    const mine = [...elements].find(({ value }) => value && chosen.includes(value)) || elements[0];
    mine.checked = true;
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", async () => {
    const look = [...new FormData(form)].map(([, word]) => word).filter(Boolean).join(" ");
    root.dataset.look = look;
    await put("profiles", { ...await me(), look });
  });
};
document.addEventListener("click", ({ target }) => {
  for (const box of topmost.querySelectorAll("details[open]")) if (!box.contains(target) || target.closest("nav a")) box.open = false;
});
topmost.addEventListener("keydown", (event) => {
  const box = event.target.closest("details[open]");
  if (event.key !== "Escape" || !box) return;
  box.open = false;
  box.firstElementChild.focus();
});

let worn = {};
// The frame for her, or for nobody. `acts`: what its buttons do, `close` and, when she chose a language, `renew`.
export const dress = async (profile, acts) => {
  worn = { language: root.lang, acts };
  root.dataset.look = lookOf(profile);
  const out = document.querySelector("body > .exit"); // in the language of before, or another's; `frame` puts it back
  if (out) out.remove();
  const whole = document.createElement("div");
  whole.append(make("chrome", { who: Boolean(profile), name: NAME }));
  const form = whole.querySelector("[data-panel]");
  if (form) panel(form, profile);
  press(whole, "close", acts.close);
  press(whole, "language", async ({ value }) => {
    const now = who() && await one("profiles", who());
    if (now) await put("profiles", { ...now, language: value });
    await speak(value);
    await acts.renew(now && { ...now, language: value });
  });
  foot.replaceChildren(whole.querySelector("footer"));
  topmost.replaceChildren(...whole.childNodes);
  await unsent();
};

// What a view asks of the frame: the way out and the course's tint; its language is the view's.
export const frame = async ({ exit = false, tint = "" }) => {
  main.className = tint;
  if (worn.language !== root.lang) await dress(who() ? await one("profiles", who()) : null, worn.acts);
  const out = document.querySelector("body > .exit");
  if (out && !exit) out.remove();
  if (exit && !out) topmost.after(make("exit"));
};
