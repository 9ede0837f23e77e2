// Taking a course along: its texts by their hash into the database, its pictures and recordings into the cache that the
// worker answers from. It is taken when all of it is here, to the last byte, and not before.
import { Offline, fetched } from "./api.js";
import { Full, Gone, of, one, run } from "./db.js";
import { sha256 } from "./keys.js";

const MEDIA = "pocket media"; // the worker's name for it too
const STRETCH = 256 * 1024;
const SPARE = 1.25; // what is kept takes more room than what travels

export class NoRoom extends Error { // there is not that much free on this phone
  constructor(needed, free) {
    super("room");
    Object.assign(this, { needed, free });
  }
}
export class Changed extends Error {} // what came is not what was asked for

const stretch = (sha, place) => `part ${sha} ${place}`;
const media = () => caches.open(MEDIA);
const isKept = async (place, sha) => Boolean(await place.match(`/media/${sha}`));
const shelved = (name) => one("shelf", name);

// What is to be there: texts in these languages, and the media where they are wanted.
const filesOf = (manifest, languages, withMedia) => [
  ...languages.map((language) => ({ ...manifest.texts[language], kind: "text" })),
  ...(withMedia ? manifest.media.filter((each) => !each.languages || each.languages.some((one) => languages.includes(one))) : []).map((each) => ({ ...each, kind: "media" })),
];
const travels = ({ packed, bytes }) => packed || bytes;
const isHere = async ({ kind, sha256: sha }, place) => (kind === "text" ? Boolean(await shelved(sha)) : isKept(place, sha));

// How many bytes it all takes on its way, and how many of them are still to come.
export const sizes = async (manifest, { languages, media: withMedia }) => {
  const place = await media();
  let [bytes, left] = [0, 0];
  for (const file of filesOf(manifest, languages, withMedia)) {
    bytes += travels(file);
    if (!await isHere(file, place)) left += travels(file);
  }
  return { bytes, left };
};

// What is free, as far as the browser tells (it may say nothing), and whether so much fits in.
export const room = async (bytes) => {
  const { quota, usage } = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
  if (!quota) return { free: null, enough: true };
  return { free: quota - usage, enough: quota - usage > bytes * SPARE };
};

const checked = async (bytes, sha) => {
  if (await sha256(bytes) !== sha) throw new Changed(sha);
  return bytes;
};
const whole = async (path, signal) => {
  const answer = await fetched(path, { signal, patience: 120000 });
  if (answer.status === 404) throw new Changed(path); // the store has another by now: what there is is to be asked anew
  if (answer.status !== 200) throw new Offline(String(answer.status));
  return answer.bytes;
};
const takeText = async ({ sha256: sha }, { signal, told }) => {
  const bytes = await checked(await whole(`/pocket/files/${sha}`, signal), sha);
  await run(["shelf"], "readwrite", ({ shelf }) => shelf.put({ name: sha, text: new TextDecoder().decode(bytes) }));
  told(1);
};

// The stretches of a file that came before, then the others, each kept when it is here.
const stretches = async (file, { signal, told }) => {
  const { sha256: sha, bytes: size } = file;
  const parts = [];
  for (let from = 0; from < size; from += STRETCH) {
    const name = stretch(sha, from);
    const held = await shelved(name);
    if (held) parts.push(held.bytes);
    else {
      const to = Math.min(size, from + STRETCH) - 1;
      const answer = await fetched(`/media/${sha}`, { signal, patience: 120000, headers: { Range: `bytes=${from}-${to}` } });
      if (answer.status === 200) return answer.bytes; // the whole of it, from a server that has no stretches
      if (answer.status !== 206 || answer.bytes.byteLength !== to - from + 1) throw new Offline(String(answer.status));
      await run(["shelf"], "readwrite", ({ shelf }) => shelf.put({ name, bytes: answer.bytes }));
      parts.push(answer.bytes);
    }
    told(Math.min(1, (from + STRETCH) / size));
  }
  return new Blob(parts).arrayBuffer ? new Blob(parts).arrayBuffer() : new Response(new Blob(parts)).arrayBuffer();
};
const dropStretches = (sha) => run(["shelf"], "readwrite", ({ shelf }) => shelf.drop(IDBKeyRange.bound(`part ${sha} `, `part ${sha} \uffff`)));

const takeMedia = async (file, place, told) => {
  const { sha256: sha, bytes: size, type } = file;
  try {
    const bytes = await checked(size > STRETCH ? await stretches(file, told) : await whole(`/media/${sha}`, told.signal), sha);
    await place.put(`/media/${sha}`, new Response(bytes, { headers: { "Content-Type": type, "Content-Length": String(bytes.byteLength) } }));
  } catch (error) {
    if (error instanceof Changed) await dropStretches(sha);
    throw error && error.name === "QuotaExceededError" ? new Full(error.name) : error;
  }
  if (size > STRETCH) await dropStretches(sha);
  told.told(1);
};

const change = (learner, course, work) => run(["courses", "profiles"], "readwrite", async ({ courses, profiles }) => {
  if (!await profiles.get(learner)) return null; // removed from this phone meanwhile
  const row = await courses.get([learner, course]);
  const next = work(row);
  if (next) await courses.put(next);
  return next;
});
const begun = (learner, manifest, wanted, row) => {
  const fresh = { learner, course: manifest.course, taken: null, newer: null, languages: [], media: false, language: wanted.languages[0], state: null, work: {}, kept: [], at: null };
  const held = row || fresh;
  if (held.taken && held.taken.release === manifest.release) return held; // more of the same
  const now = held.newer && held.newer.manifest.release === manifest.release && held.newer.ready;
  return { ...held, newer: { manifest, ...wanted, ready: Boolean(now) } };
};
const done = (manifest, wanted, row) => {
  if (!row) return null;
  const at = new Date().toISOString();
  const { taken } = row;
  if (taken && taken.release !== manifest.release) return { ...row, newer: { manifest, ...wanted, ready: true } };
  return { ...row, taken: manifest, newer: taken ? row.newer : null, languages: [...new Set([...row.languages, ...wanted.languages])], media: row.media || wanted.media, at };
};

// Takes a course along, or more of it, or a newer release beside the one that is here (see `change` in switch.js). What
// came before stays, so that it goes on where it was cut. `told(done, all)` in bytes. Raises NoRoom, Full, Changed, Offline,
// and AbortError after `signal`.
export const take = async ({ learner }, manifest, { languages, media: withMedia = false, told = () => {}, signal }) => {
  const wanted = { languages, media: withMedia };
  const { bytes, left } = await sizes(manifest, wanted);
  const { free, enough } = await room(left);
  if (!enough) throw new NoRoom(left, free);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if (!await change(learner, manifest.course, (row) => begun(learner, manifest, wanted, row))) return null;
  const place = await media();
  let came = 0;
  for (const file of filesOf(manifest, languages, withMedia)) {
    const size = travels(file);
    const before = came;
    const progress = { signal, told: (part) => { came = before + size * part; told(Math.round(came), bytes); } };
    if (await isHere(file, place)) progress.told(1);
    else await (file.kind === "text" ? takeText(file, progress) : takeMedia(file, place, progress));
  }
  for (const file of filesOf(manifest, languages, withMedia)) if (!await isHere(file, place)) throw new Gone("evicted"); // somebody removed it meanwhile
  return change(learner, manifest.course, (row) => done(manifest, wanted, row));
};

// A text of a course that is taken, or null where it is not here (any more).
const read = new Map();
export const textOf = async (sha) => {
  if (read.has(sha)) return read.get(sha);
  const row = await shelved(sha);
  if (!row) return null;
  if (read.size > 3) read.clear();
  read.set(sha, JSON.parse(row.text));
  return read.get(sha);
};
export const text = async ({ learner }, course, language) => {
  const row = await one("courses", [learner, course]);
  const held = row && row.taken && row.taken.texts[language];
  return held ? textOf(held.sha256) : null;
};

// What no course of anybody here needs any more goes.
export const tidy = async () => {
  const rows = await run(["courses"], "readonly", ({ courses }) => courses.all());
  const manifests = rows.reduce((found, { taken, newer }) => [...found, taken, newer && newer.manifest], []).filter(Boolean);
  const texts = new Set();
  const shown = new Set();
  for (const { texts: all, media: files } of manifests) {
    Object.values(all).forEach((each) => texts.add(each.sha256));
    files.forEach((each) => shown.add(each.sha256));
  }
  await run(["shelf"], "readwrite", async ({ shelf }) => {
    for (const name of await shelf.keys()) {
      const [, sha] = /^(?:part )?([0-9a-f]{64})/.exec(name) || [];
      if (sha && !texts.has(sha) && !shown.has(sha)) await shelf.drop(name);
    }
  });
  const place = await media();
  for (const { url } of await place.keys()) if (!shown.has(url.slice(-64))) await place.delete(url);
};

// A course goes from this phone; what she did in it stays in her log, and on its way to the store.
export const remove = async ({ learner }, course) => {
  await run(["courses", "drafts"], "readwrite", async ({ courses, drafts }) => {
    await courses.drop([learner, course]);
    await drafts.drop(of(learner, course));
  });
  await tidy();
};
