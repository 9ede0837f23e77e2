// What the pocket asks of the store. Only what is ours by its type and its shape is an answer: a network in between says
// many things with a friendly 200 (a captive portal's page, half a body), and all of that is no connection.
import { sign } from "./keys.js";

const PATIENCE = 30000; // milliseconds

export class Offline extends Error {} // nothing of ours came back
export class Refused extends Error { // the store's own word; `why` is for scripts, `message` for people
  constructor({ why = "", message = "" }, status, wait = 0) {
    super(message);
    Object.assign(this, { why, status, wait });
  }
}

// The answer to a request that carries nobody's session, unless asked to; it may be given up by `signal`.
export const fetched = async (path, options = {}) => {
  const control = new AbortController();
  const over = setTimeout(() => control.abort(), options.patience || PATIENCE);
  const stop = () => control.abort();
  if (options.signal) options.signal.addEventListener("abort", stop);
  if (options.signal && options.signal.aborted) stop();
  try {
    const answer = await fetch(path, { credentials: "omit", cache: "no-store", redirect: "error", ...options, signal: control.signal });
    const bytes = await answer.arrayBuffer();
    return { status: answer.status, headers: answer.headers, type: answer.headers.get("Content-Type") || "", bytes };
  } catch (error) {
    if (options.signal && options.signal.aborted) throw new DOMException("", "AbortError");
    throw new Offline(error.message);
  } finally {
    clearTimeout(over);
    if (options.signal) options.signal.removeEventListener("abort", stop);
  }
};

const json = ({ type, bytes }) => {
  if (!type.startsWith("application/json")) throw new Offline("type");
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) || {};
  } catch {
    throw new Offline("cut");
  }
};
const refusal = (answer) => {
  const body = json(answer);
  return body.vereda === "refused 1" ? new Refused(body, answer.status, Number(answer.headers.get("Retry-After")) || 0) : new Offline(String(answer.status));
};

// A JSON answer of that kind. Raises Refused, Offline.
export const exchange = async (path, kind, options) => {
  const answer = await fetched(path, options);
  if (answer.status !== 200) throw refusal(answer);
  const body = json(answer);
  if (body.vereda === "refused 1") throw refusal(answer);
  if (body.vereda !== kind) throw new Offline("kind");
  return body;
};
const posted = (body, type = "application/json") => ({ method: "POST", body, headers: { "Content-Type": type } });
export const post = (path, kind, body, type) => exchange(path, kind, posted(body, type));

const signed = async (profile, ask) => {
  const { challenge } = await post("/api/v1/challenge", "challenge 1", "{}");
  const raw = JSON.stringify({ device: profile.device, learner: profile.learner, challenge, ask });
  return JSON.stringify({ raw, signature: await sign(profile.secret, raw) });
};
const KINDS = { courses: "courses 1", state: "state 1", tickets: "tickets 1" };

// What the store tells this device of hers: `courses`, `state`, `tickets`, and `certificate`, which is a file's bytes.
export const ask = async (profile, what, wish = {}) => {
  const path = `/api/v1/${what}`;
  const once = async () => {
    const body = await signed(profile, wish);
    if (KINDS[what]) return post(path, KINDS[what], body);
    const answer = await fetched(path, posted(body));
    if (answer.status !== 200) throw refusal(answer);
    if (!answer.type.startsWith("application/pdf")) throw new Offline("type");
    return new Uint8Array(answer.bytes);
  };
  try {
    return await once();
  } catch (error) {
    if (!(error instanceof Refused) || error.why !== "challenge") throw error;
    return once(); // it took too long on its way
  }
};

// With her session in this browser: who she is, and the store's word for this device.
const MINE = { credentials: "same-origin" };
export const me = () => exchange("/pocket/me", "me 1", MINE);
export const grant = ({ csrf }, device) => exchange("/pocket/devices", "grant 1", { ...MINE, ...posted(JSON.stringify({ csrf, ...device })) });
// Her session in this browser ends, as by the button of the site; answered by leading elsewhere. Raises Offline.
export const signOut = async ({ csrf }) => {
  const answer = await fetched("/logout", { ...MINE, redirect: "manual", ...posted(new URLSearchParams({ csrf }), "application/x-www-form-urlencoded") });
  if (answer.status) throw new Offline(String(answer.status));
};
