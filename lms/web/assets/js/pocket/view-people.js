// Who is on this phone: choosing, the PIN, another person, her own place, and going.
import { Offline, Refused, me as account, signOut } from "./api.js";
import { all } from "./db.js";
import { count } from "./log.js";
import { check, clear, isPin, set, wait } from "./lock.js";
import { me, mine } from "./mine.js";
import * as profiles from "./profile.js";
import { download } from "./file.js";
import { begin, close, go, going, guess } from "./router.js";
import { unable } from "./shell.js";
import { isExpired } from "./tickets.js";
import { date, fill, make, press, say, slot } from "./words.js";

const problem = (view, text, more = {}) => fill(view, "problem", make("alert", { text, ...more }));
let asked = null; // whose PIN is asked for

export const who = async () => {
  const people = await all("profiles");
  asked = null;
  const part = make("who", { none: !people.length });
  for (const person of people) {
    const item = make("who-one", { name: person.name, pin: person.pin });
    item.querySelector("button").addEventListener("click", () => {
      asked = person.learner;
      if (person.pin) go("pin");
      else begin(person);
    });
    slot(part, "people").append(item);
  }
  return { title: say("title-who"), part };
};

export const pin = async () => {
  const people = await all("profiles");
  const person = people.find(({ learner }) => learner === (asked || guess()));
  if (!person) return who();
  return {
    title: say("title-who"),
    part: make("pin", { name: person.name }),
    ready: (view) => {
      const form = view.querySelector("form");
      const field = form.elements.pin;
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const typed = field.value;
        field.value = "";
        field.focus();
        const still = wait(await profiles.get(person.learner));
        if (still) {
          problem(view, say("wait-first", still));
          return;
        }
        if (await check(person, typed)) {
          begin(person);
          return;
        }
        const pause = wait(await profiles.get(person.learner));
        problem(view, pause ? say("wait-pin", pause) : say("wrong-pin"));
      });
      field.focus();
    },
  };
};

const phoneName = () => {
  const { userAgentData: said, userAgent } = navigator;
  const [, system] = /(Android|iPhone|iPad|Windows|Mac OS|CrOS|Linux)/.exec(userAgent) || [];
  const brand = said && said.brands && said.brands.map(({ brand: name }) => name).find((name) => !/not.?a.?brand|chromium/i.test(name));
  const [, older] = /(Firefox|Edg|Chrome|Safari)/.exec(userAgent) || [];
  return [brand || older, system].filter(Boolean).join(", ");
};
const signIn = () => ({
  title: say("sign-in"),
  part: make("add-sign-in", { sign_in: `/login?next=${encodeURIComponent(`/pocket#/${going().startsWith("take/") ? going() : "add"}`)}` }),
});

export const add = async () => {
  if (unable()) return { title: "", part: make("wrong", { title: say("wrong"), text: say("insecure"), href: "/pocket/why", label: say("insecure-label") }) };
  let person;
  try {
    person = await account();
  } catch (error) {
    if (error instanceof Refused && error.why === "sign_in") return signIn();
    throw error;
  }
  return {
    title: say("title-who"),
    part: make("add", { person: person.name }),
    ready: (view) => {
      const form = view.querySelector("form");
      form.elements.phone.value = phoneName();
      press(view, "other", async () => {
        try {
          await signOut(person);
          await go("add", { instead: true });
        } catch (error) {
          if (!(error instanceof Offline)) throw error;
          problem(view, say("must-network"));
        }
      });
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = form.querySelector("[type=submit]");
        button.setAttribute("aria-busy", "true");
        try {
          const made = await profiles.add(person, form.elements.phone.value.trim());
          await profiles.edit(made.learner, { phone: form.elements.phone.value.trim() });
          if (form.elements.pin.value) await set(made, form.elements.pin.value);
          await begin(await profiles.get(made.learner));
        } catch (error) {
          button.removeAttribute("aria-busy");
          problem(view, error instanceof Offline ? say("must-network") : error.message || say("wrong-text"));
        }
      });
    },
  };
};

export const mePage = async () => {
  const profile = await me();
  return {
    title: say("title-home"),
    part: make("me", { name: profile.name, phone: profile.phone || phoneName(), expires: profile.expires && !profile.revoked ? date(profile.expires) : "", revoked: profile.revoked ? say("sign-in-first") : "", pin: profile.pin, open: !profile.pin }),
    ready: (view) => {
      const form = view.querySelector("form");
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const typed = form.elements.pin.value;
        form.elements.pin.value = "";
        if (typed && !isPin(typed)) return;
        const current = form.elements.current && form.elements.current.value;
        if (profile.pin && !await check(profile, current)) {
          problem(view, say("wrong-pin"));
          return;
        }
        if (typed) await set(profile, typed);
        else if (profile.pin) await clear(profile, current);
        await go("me", { instead: true });
        fill(document, "problem", make("good", { text: say(typed ? "pin-saved" : "pin-none") }));
      });
    },
  };
};

export const removeMe = async () => {
  const profile = await me();
  const waiting = await count(profile.learner, "waiting");
  const kept = (await mine("notes")).length;
  const attempts = (await mine("tickets")).filter((each) => !each.submitted && !isExpired(each)).length;
  return {
    title: say("title-home"),
    part: make("remove-me", { clean: !waiting, unsent: waiting ? say("waiting", waiting) : "", notes: kept ? say("notes-count", kept) : "", tickets: attempts ? say("tickets-gone", attempts) : "" }),
    ready: (view) => {
      const remove = async (button, anyway) => {
        button.setAttribute("aria-busy", "true");
        const { left, file } = await profiles.remove(profile, { anyway });
        button.removeAttribute("aria-busy");
        if (left) {
          fill(view, "anyway", make("remove-anyway"));
          press(slot(view, "anyway"), "anyway", (again) => remove(again, true));
          slot(view, "anyway").querySelector("button").focus();
          return;
        }
        if (file) download(file);
        await close("removed");
      };
      press(view, "remove", (button) => remove(button, false));
    },
  };
};

export const help = async (about) => ({ title: say("title-help"), part: make("help"), aim: about && `page-${about}` });
