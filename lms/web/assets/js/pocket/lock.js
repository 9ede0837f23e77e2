// A PIN for a profile. It hides what is on the phone from whoever picks it up, and no more: nothing is encrypted by it, and
// the page says so.
import { run } from "./db.js";
import { base64url, unbase64url, utf8 } from "./keys.js";

const ROUNDS = 120000;
const FREE = 5; // wrong ones before each takes a wait
const LONGEST = 300; // seconds

const hash = async (pin, salt, rounds) => {
  const key = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  return base64url(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: unbase64url(salt), iterations: rounds }, key, 256));
};
const change = (learner, pin) => run(["profiles"], "readwrite", async ({ profiles }) => {
  const row = await profiles.get(learner);
  if (row) await profiles.put({ ...row, pin: pin(row.pin) });
});

// Four figures or more.
export const isPin = (pin) => /^[0-9]{4,12}$/.test(pin);
export const set = async (profile, pin) => {
  const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const made = { salt, hash: await hash(pin, salt, ROUNDS), rounds: ROUNDS, wrong: 0, until: 0 };
  await change(profile.learner, () => made);
};

// Seconds until the next try; a clock that was put back makes nobody wait longer than the longest wait.
export const wait = ({ pin }) => (pin ? Math.min(LONGEST, Math.max(0, Math.ceil((pin.until - Date.now()) / 1000))) : 0);

// Whether it is hers; while there is something to wait for, none is.
export const check = async ({ learner }, pin) => {
  const row = await run(["profiles"], "readonly", ({ profiles }) => profiles.get(learner));
  if (!row || !row.pin) return Boolean(row);
  if (wait(row)) return false;
  const right = await hash(pin, row.pin.salt, row.pin.rounds) === row.pin.hash;
  await change(learner, (held) => {
    const wrong = right ? 0 : (held.wrong || 0) + 1;
    const pause = wrong > FREE ? Math.min(LONGEST, 2 ** (wrong - FREE)) : 0;
    return { ...held, wrong, until: Date.now() + pause * 1000 };
  });
  return right;
};
export const clear = async (profile, pin) => {
  const right = await check(profile, pin);
  if (right) await change(profile.learner, () => null);
  return right;
};
