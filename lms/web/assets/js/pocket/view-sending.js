// What is sent and what is not, receipt codes, what was refused and why; and the file, where no network comes.
import { BadReceipt, download, receipt, save as file, share } from "./file.js";
import { everything } from "./log.js";
import { me } from "./mine.js";
import { current } from "./router.js";
import { now, pending } from "./send.js";
import { fill, has, make, press, say, slot, when } from "./words.js";

const NOT_SENT = { offline: "no-network", withdrawn: "no-agreement", phone: "wrong-text", "": "sent-now" };
export const sendingBox = async (profile, said = "") => {
  const { waiting, held, sent } = await pending(profile.learner);
  const last = sent ? say("last-sent", when(sent)) : waiting ? say("never-sent") : "";
  const part = make("sending", { waiting, more: current() !== "sent", left: waiting ? say("waiting", waiting) : say("nothing-waiting"), last: held ? `${say("held", held)} ${last}` : last });
  const told = slot(part, "told");
  told.textContent = said;
  press(part, "send", async (button) => {
    button.setAttribute("aria-busy", "true");
    told.textContent = say("sending");
    const { why, left } = await now();
    const text = say(left ? NOT_SENT[why] || "busy" : "sent-now");
    const box = document.querySelector('[data-slot="sending"]');
    if (box) box.replaceChildren(await sendingBox(profile, text));
  });
  return part;
};
// The box stays true while it is looked at.
export const soon = (view, profile) => {
  const look = async ({ detail } = {}) => {
    const box = slot(view, "sending");
    if (!box || (detail && !detail.stores.includes("events")) || box.querySelector("[aria-busy]")) return;
    const said = slot(box, "told").textContent;
    const fresh = await sendingBox(profile, said);
    if (box.isConnected) box.replaceChildren(fresh);
  };
  document.addEventListener("pocket:changed", look);
  return () => document.removeEventListener("pocket:changed", look);
};

const titleOf = ({ type, data }) => {
  if (data.attempt) return say("kind-test");
  return say(has(`kind-${type}`) ? `kind-${type}` : "kind-other");
};
// Why a line was not taken, or does not count.
export const whyOf = ({ state, why }) => {
  const name = state === "quarantined" ? "why-quarantined" : `why-${why}`;
  return say(has(name) ? name : "why-unknown");
};

export const sent = async () => {
  const profile = await me();
  const { refused, quarantined, unproven } = await pending(profile.learner);
  const bad = [...refused, ...quarantined, ...unproven];
  const tests = (await everything(profile.learner)).filter(({ data }) => data.attempt).reverse();
  const part = make("sent", { codes: tests.length, refused: bad.length, fine: !bad.length });
  slot(part, "sending").append(await sendingBox(profile));
  for (const row of tests) slot(part, "codes").append(make("sent-one", { title: say("kind-test"), at: when(row.at), code: row.code }));
  for (const row of bad) slot(part, "refused").append(make("sent-one", { title: titleOf(row), at: when(row.at), why: whyOf(row) }));
  return { title: say("title-home"), part, ready: (view) => soon(view, profile) };
};

export const save = async () => {
  const profile = await me();
  return {
    title: say("title-home"),
    part: make("save", { share: Boolean(navigator.canShare) }),
    ready: (view) => {
      press(view, "file", async () => {
        download(await file(await me()));
        fill(view, "told", make("good", { text: say("file-made") }));
      });
      press(view, "share", async () => { await share(await file(await me())); });
      const form = view.querySelector("form");
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const { receipt: chosen, code } = form.elements;
        const bad = (name) => fill(view, "receipt", make("alert", { text: say(name) }));
        if (!chosen.files.length && !code.value.trim()) {
          bad("receipt-none");
          return;
        }
        try {
          const { taken } = await receipt(profile, chosen.files.length ? await chosen.files[0].text() : code.value);
          fill(view, "receipt", make("good", { text: say("receipt-taken", taken) }));
          form.reset();
        } catch (error) {
          if (!(error instanceof BadReceipt)) throw error;
          bad(error.message === "unknown" ? "receipt-unknown" : "receipt-wrong");
        }
      });
    },
  };
};
