// What the store has to tell once something was sent: how a test was marked, a certificate that was being made. It is asked
// for by itself while something is expected; `pocket:news` on document says that something of hers is another now.
import { all, one } from "./db.js";
import { who } from "./mine.js";
import { refresh } from "./state.js";

const LATELY = 60000; // milliseconds
const SOON = 15000; // a certificate is made in seconds
const TRIES = 8;
const FINAL = ["marked", "not_counted"];
const asked = new Map(); // when, for whom
let timer = 0;

export const isExpected = ({ submitted, outcome }) => Boolean(submitted) && !FINAL.includes((outcome || {}).state);
const known = async (learner) => JSON.stringify([(await all("tickets", learner)).map(({ outcome }) => outcome), (await all("certificates", learner)).map(({ number, stands }) => [number, stands])]);

// Everything anew, and told where it changed; while a certificate is being made, some times more. Raises Refused, Offline.
export const news = async (profile, tries = TRIES) => {
  const { learner } = profile;
  asked.set(learner, Date.now());
  clearTimeout(timer);
  const before = await known(learner);
  const reply = await refresh(profile);
  if (who() !== learner) return;
  if (reply.making && tries) timer = setTimeout(() => ask(learner, tries - 1), SOON);
  if (await known(learner) !== before) document.dispatchEvent(new CustomEvent("pocket:news"));
};
const ask = async (learner, tries) => {
  const profile = who() === learner && await one("profiles", learner);
  if (profile) await news(profile, tries).catch(() => {});
};
// Likewise, where nobody asked within the last minute and there may be a connection; whether it was asked.
export const freshen = async (profile) => {
  if (!navigator.onLine || Date.now() - (asked.get(profile.learner) || 0) < LATELY) return false;
  return news(profile).then(() => true, () => false);
};

export const watchNews = () => document.addEventListener("pocket:sent", async ({ detail: { why } }) => {
  const learner = who();
  if (learner && !why && (await all("tickets", learner)).some(isExpected)) ask(learner, TRIES);
});
// The view that stands there is made anew when something was sent, or there are news.
export const onNews = (again) => {
  const sent = ({ detail }) => { if (detail.sent) again(); };
  document.addEventListener("pocket:sent", sent);
  document.addEventListener("pocket:news", again);
  return () => {
    document.removeEventListener("pocket:sent", sent);
    document.removeEventListener("pocket:news", again);
  };
};
