// What the signed lists say of a code, as lms/certificates/lists.py reads and judgement.py weighs them. A list that nobody
// signed who should have, or with anything in it that is not known, is an error: nothing is taken from it.
const { Problem, parse, read } = window.codes;
const bad = (why) => { throw new Error(why); };
const utf8 = (text) => new TextEncoder().encode(text);
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
const unbase64url = (text) => {
  const found = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  return base64url(found) === text ? found : bad("base64url"); // which has one spelling
};
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const digest = async (bytes) => base64url((await sha256(bytes)).subarray(0, 16));

const HASHES = { "P-256": "SHA-256", "P-384": "SHA-384" };
const isSigned = async (curve, key, signature, bytes) => {
  const imported = await crypto.subtle.importKey("spki", unbase64url(key), { name: "ECDSA", namedCurve: curve }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: HASHES[curve] }, imported, signature, bytes);
};

// Exactly these fields, each as it should be.
const text = (value) => typeof value === "string";
const day = (value) => text(value) && /^\d{4}-\d\d-\d\d$/.test(value);
const keyId = (value) => text(value) && /^[0-9a-f]{16}$/.test(value);
const hidden = (value) => text(value) && /^[A-Za-z0-9_-]{20}$/.test(value); // fifteen characters
const flag = (value) => typeof value === "boolean";
const each = (check) => (value) => value !== null && typeof value === "object" && Object.values(value).every(check);
const fields = (kinds) => (value) => each(() => true)(value) && Object.keys(value).length === Object.keys(kinds).length
  && Object.entries(kinds).every(([name, check]) => Object.prototype.hasOwnProperty.call(value, name) && check(value[name]));
const HEAD = { type: text, version: (value) => Number.isSafeInteger(value) && value >= 0, issued: day, expires: day };
const withdrawal = (value) => value === null || (fields({ on: day, reason: text })(value) && ["retired", "stolen"].includes(value.reason));
const ENTRY = { kid: keyId, issuer: keyId, code: text, key: text, did: text, starts: day, until: day, countersigns: flag, withdrawn: withdrawal };
const KINDS = {
  "vereda keys 1": { root: text, did: text, issuers: (value) => Array.isArray(value) && value.every(fields(ENTRY)) },
  "vereda numbers 1": { issuer: keyId, kid: keyId, revoked: each(day), replaced: each(fields({ on: day, by: hidden })) },
  "vereda store 1": { issuer: keyId, kid: keyId, store: text, key: text, starts: day },
  "vereda received 1": { of: keyId, kid: keyId, days: each(day) },
};

const open = (raw) => {
  const found = /^\{"payload":(\{[^]*\}),"signature":"([A-Za-z0-9_-]+)"\}$/.exec(raw) || bad("form");
  const said = JSON.parse(found[1]);
  const kinds = KINDS[said.type] || bad("type");
  if (!fields({ ...HEAD, ...kinds })(said)) bad("fields");
  return { said, bytes: utf8(found[1]), signature: unbase64url(found[2]) };
};
const newest = (found, lists, name) => {
  for (const list of lists) {
    const held = found.get(list[name]);
    if (!held || held.version < list.version) found.set(list[name], list);
  }
};
const isStolen = (entry) => entry.withdrawn !== null && entry.withdrawn.reason === "stolen";
const signsOn = (entry, on) => entry.starts <= on && on <= entry.until && (entry.withdrawn === null || on <= entry.withdrawn.on);

// What the page goes by: its roots, and of every list the newest.
const gather = async ({ roots, lists }) => {
  const opened = lists.map(open);
  const of = (type) => opened.filter(({ said }) => said.type === type);
  const trust = { entries: [], keys: new Map(), numbers: new Map(), received: new Map(), stores: [] };
  for (const { said, bytes, signature } of of("vereda keys 1")) {
    const root = roots.find(({ id }) => id === said.root) || bad("root");
    if (!await isSigned("P-384", root.key, signature, bytes)) bad("signature");
    newest(trust.keys, [{ ...said, name: root.name }], "root");
  }
  for (const list of trust.keys.values()) trust.entries.push(...list.issuers.map((entry) => ({ ...entry, list })));
  const signer = async ({ said, bytes, signature }) => {
    const entry = trust.entries.find(({ kid }) => kid === said.kid) || bad("signer");
    if (!await isSigned("P-256", entry.key, signature, bytes)) bad("signature");
    if (!isStolen(entry) && !signsOn(entry, said.issued)) bad("period");
    return entry;
  };
  for (const list of of("vereda numbers 1")) {
    const entry = await signer(list);
    if (entry.issuer !== list.said.issuer) bad("signer");
    if (!isStolen(entry)) newest(trust.numbers, [list.said], "issuer");
  }
  for (const list of of("vereda received 1")) {
    const entry = await signer(list);
    if (!entry.countersigns || !entry.list.issuers.some(({ kid }) => kid === list.said.of)) bad("signer");
    if (!isStolen(entry)) newest(trust.received, [list.said], "of");
  }
  const stores = new Map(); // which key an issuer's installation signs events with
  for (const list of of("vereda store 1")) {
    const entry = await signer(list);
    if (entry.issuer !== list.said.issuer) bad("signer");
    if (!isStolen(entry)) newest(stores, [list.said], "issuer");
  }
  trust.stores.push(...stores.values());
  return trust;
};

const check = (name, passed, sentence, values = {}, warning = false) => ({ name, passed, sentence, values, warning });

const keyCheck = (entry, received, on) => {
  const withdrawn = entry.withdrawn;
  if (withdrawn === null) return check("key", true, "in_force");
  if (isStolen(entry)) {
    if (received !== undefined && received <= withdrawn.on) return check("key", true, "received", { date: received });
    return check("key", false, "compromised", { date: withdrawn.on });
  }
  const later = on <= withdrawn.on;
  return check("key", later, later ? "withdrawn_later" : "withdrawn_before", { date: withdrawn.on });
};

const stateCheck = async (number, numbers) => {
  if (!numbers) return check("state", true, "nobody_knows", {}, true);
  const plain = number.replace(/-/g, "");
  const name = await digest(utf8(`vereda number ${plain}`));
  if (Object.prototype.hasOwnProperty.call(numbers.revoked, name)) return check("state", false, "revoked", { date: numbers.revoked[name] });
  if (Object.prototype.hasOwnProperty.call(numbers.replaced, name)) {
    const { on, by } = numbers.replaced[name];
    const mask = await sha256(utf8(`vereda replaced ${plain}`));
    const found = String.fromCharCode(...unbase64url(by).map((byte, place) => byte ^ mask[place]));
    return check("state", false, "replaced", { date: on, number: found.replace(/^(.{4})(.{4})(.{4})(..)(.)$/, "$1-$2-$3-$4-$5") });
  }
  return check("state", true, "stands", { date: numbers.issued });
};

const listsCheck = (consulted, today) => {
  const stale = consulted.filter(({ expires }) => today > expires).map(({ issued }) => issued).sort()[0];
  return stale ? check("lists", true, "stale", { date: stale }, true) : check("lists", true, "fresh");
};

// What became of each check of the code in that text: the checks and the outcome of lms/certificates/qr.py; `code`,
// `entry` and `lists` only of one whose signature is right.
const verify = async (shown, trust, today) => {
  const found = { outcome: "invalid", checks: [] };
  let payload;
  let code;
  try {
    payload = parse(shown);
    code = read(payload);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { ...found, checks: [check("signed", false, problem.message)] };
  }
  const { kid, claims, signature, covered } = code;
  const number = claims.number;
  const checks = [check("signed", true, "readable")];
  const entry = trust.entries.find((one) => one.kid === kid);
  if (!entry) return { outcome: "unknown", number, checks: [...checks, check("issuer", false, "not_listed")] };
  checks.push(check("issuer", true, "known"));
  if (!await isSigned("P-256", entry.key, signature, covered)) return { ...found, number, checks: [...checks, check("unchanged", false, "changed")] };
  checks.push(check("unchanged", true, "unchanged"));
  const inTime = claims.on <= entry.until; // the day of the course, which a renewed key may come after
  checks.push(check("period", inTime, inTime ? "in_time" : "out_of_time"));
  const received = trust.received.get(kid);
  const name = await digest(payload);
  const known = received && Object.prototype.hasOwnProperty.call(received.days, name);
  checks.push(keyCheck(entry, known ? received.days[name] : undefined, claims.on));
  const numbers = trust.numbers.get(entry.issuer);
  checks.push(await stateCheck(number, numbers));
  checks.push(listsCheck([entry.list, ...(numbers ? [numbers] : [])], today));
  return { outcome: checks.every(({ passed }) => passed) ? "valid" : "invalid", number, checks, claims, entry, numbers };
};
window.codes = { ...window.codes, gather, verify };
