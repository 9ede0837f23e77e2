// Her lines on their way to the store: one sender for all tabs, everybody's lines whoever's page is open, and nothing is
// taken for arrived but what the store says of each line (docs/decisions/0044).
import { Offline, Refused, post } from "./api.js";
import { all as rowsOf, of, run } from "./db.js";
import { utf8 } from "./keys.js";

const LINES = 500;
const BYTES = 900 * 1024;
const SOONEST = 2000; // milliseconds
const LATEST = 600000;
const OUTCOMES = ["accepted", "duplicate", "unproven", "quarantined", "refused"];
const LATER = ["quota", "busy", "withdrawn"]; // refused for now
const ARRIVED = ["accepted", "duplicate", "unproven", "quarantined"];

const state = (learner, name) => IDBKeyRange.only([learner, name]);
const wire = ({ raw, signature }) => `${JSON.stringify({ raw, signature })}\n`;

// The next of her lines that wait, as many as one request takes.
const batch = async (learner, most) => {
  const rows = await run(["events"], "readonly", ({ events }) => events.all(state(learner, "waiting"), { index: "state", limit: most }));
  let size = 0;
  const fit = rows.findIndex((row) => {
    size += utf8(wire(row)).length;
    return size > BYTES;
  });
  return fit < 0 ? rows : rows.slice(0, Math.max(1, fit));
};

// What the store says of these lines: one outcome for each, or it is no answer at all.
const sendBatch = async (rows) => {
  const body = await post("/api/v1/events", "events 1", rows.map(wire).join(""), "application/x-ndjson");
  const told = body.outcomes;
  const isWhole = body.lines === rows.length && Array.isArray(told) && told.length === rows.length
    && told.every((each, place) => each && each.line === place + 1 && OUTCOMES.includes(each.outcome));
  if (!isWhole) throw new Offline("cut");
  return { told, complete: body.complete_to || {} };
};

// A store that was put back to an older state lacks what it had: those lines wait anew.
const again = async (events, device, complete) => {
  for (const row of await events.all(of(device.learner, device.device))) {
    if (row.n > complete && ARRIVED.includes(row.state)) await events.put({ ...row, state: "waiting", why: "" });
  }
};
export const settle = async ({ events, profiles }, learner, complete, sent) => {
  const profile = await profiles.get(learner);
  if (!profile) return;
  const now = complete[profile.device];
  if (now < (profile.complete || 0)) await again(events, profile, now);
  await profiles.put({ ...profile, complete: now === undefined ? profile.complete : now, sent: sent || profile.sent });
};

const keepOutcomes = (learner, rows, { told, complete }) => run(["events", "profiles"], "readwrite", async (stores) => {
  for (const [place, { n, device }] of rows.entries()) {
    const { outcome, why = "" } = told[place];
    const row = await stores.events.get([learner, device, n]);
    if (!row || row.state !== "waiting") continue;
    const waits = outcome === "refused" && LATER.includes(why);
    await stores.events.put({ ...row, state: waits ? "waiting" : outcome, why });
  }
  await settle(stores, learner, complete, new Date().toISOString());
  return told.find(({ outcome, why }) => outcome === "refused" && LATER.includes(why));
});

// Everything that one person has waiting; raises Offline, Refused.
const drainOne = async (learner) => {
  let most = LINES;
  let sent = 0;
  for (;;) {
    const rows = await batch(learner, most);
    if (!rows.length) return sent;
    try {
      const later = await keepOutcomes(learner, rows, await sendBatch(rows));
      sent += rows.length;
      if (later) throw new Refused(later, 200);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 413 || rows.length < 2) throw error;
      most = Math.ceil(rows.length / 2);
    }
  }
};

const drain = async () => {
  let sent = 0;
  let trouble = null;
  for (const { learner } of await rowsOf("profiles")) {
    try {
      sent += await drainOne(learner);
    } catch (error) {
      trouble = error; // one person's trouble keeps nobody else's lines
      if (error instanceof Offline) break;
    }
  }
  return { sent, trouble };
};
const alone = (work) => (navigator.locks ? navigator.locks.request("pocket sender", work) : work());

// What went wrong last in this tab, and the next try by itself.
let failures = 0;
let timer = 0;
let why = "";
const plan = (trouble) => {
  clearTimeout(timer);
  failures = trouble ? failures + 1 : 0;
  why = !trouble ? "" : trouble instanceof Refused ? trouble.why || "busy" : trouble instanceof Offline ? "offline" : "phone";
  if (!trouble) return;
  const pause = Math.min(LATEST, SOONEST * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
  timer = setTimeout(wake, Math.max(SOONEST, Math.min(LATEST, pause), (trouble.wait || 0) * 1000));
};

let running = Promise.resolve();
let queued = null;
const left = async () => {
  let count = 0;
  for (const { learner } of await rowsOf("profiles")) count += await run(["events"], "readonly", ({ events }) => events.count(state(learner, "waiting"), "state"));
  return count;
};

// Sends everybody's lines now; however often it is asked, one after the other. Gives how many were `sent`, how many are
// `left`, and `why`: offline, busy, quota, or what the store said.
export const now = () => {
  if (queued) return queued;
  const mine = running.catch(() => {}).then(async () => {
    queued = null;
    const { sent, trouble } = await alone(drain).catch((error) => ({ sent: 0, trouble: error }));
    plan(trouble);
    if (typeof document !== "undefined") document.dispatchEvent(new CustomEvent("pocket:sent", { detail: { sent, why } }));
    return { sent, left: await left().catch(() => 0), why };
  });
  queued = mine;
  running = mine;
  return mine;
};
export const wake = () => { if (navigator.onLine !== false) now(); };

// From now on lines go by themselves: after each act, when the network is back, when the page is looked at.
export const start = () => {
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  document.addEventListener("pocket:recorded", wake);
  wake();
};

// What of hers is not at the store, in numbers and lines; `held`: of those that wait, how many another store has from a file.
export const pending = async (learner) => {
  const told = await run(["events", "profiles"], "readonly", async ({ events, profiles }) => {
    const find = (name) => events.all(state(learner, name), { index: "state" });
    const [waiting, refused, unproven, quarantined, profile] = await Promise.all([find("waiting"), find("refused"), find("unproven"), find("quarantined"), profiles.get(learner)]);
    return { waiting: waiting.length, held: waiting.filter(({ held }) => held).length, refused, unproven, quarantined, sent: (profile || {}).sent || null };
  });
  return { ...told, why };
};
