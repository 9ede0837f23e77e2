// The lists that this device holds. A server may come to have older ones (an older backup; somebody who wants a revocation
// forgotten): of each list the newest that ever came here, rightly signed, is the one that counts.
const { gather } = window.codes;
const HELD = "verifier lists";
const payload = (raw) => JSON.parse(raw).payload;
const about = ({ type, root, issuer, of }) => [type, root || issuer || of].join(" ");

// The server's lists, with those held in the place of older ones, and of those that it does not give.
const newest = ({ roots, lists }, held) => {
  const found = new Map(lists.map((raw) => [about(payload(raw)), raw]));
  const isKnown = ({ root, kid }) => (root
    ? roots.some(({ id }) => id === root)
    : [...found.values()].some((raw) => (payload(raw).issuers || []).some((entry) => entry.kid === kid)));
  let older = false;
  for (const raw of held) {
    const mine = payload(raw);
    const theirs = found.get(about(mine));
    if (theirs ? payload(theirs).version < mine.version : isKnown(mine)) {
      found.set(about(mine), raw);
      older = true;
    }
  }
  return { roots, lists: [...found.values()], older };
};

const store = async () => {
  try {
    return await caches.open(HELD);
  } catch {
    return null; // a browser that keeps nothing
  }
};

// What the page goes by; `older`: whether the server gave something older than what was held.
const hold = (path) => {
  const work = async () => {
    const fresh = await (await fetch(path, { credentials: "omit" })).json();
    await gather(fresh);
    const place = await store();
    const before = place && await place.match(path);
    const held = before ? await before.json() : { lists: [] };
    const merged = newest(fresh, held.lists);
    const trust = await gather(merged);
    if (place) await place.put(path, new Response(JSON.stringify({ roots: merged.roots, lists: merged.lists })));
    return { ...trust, older: merged.older };
  };
  return navigator.locks ? navigator.locks.request(HELD, work) : work();
};
window.codes = { ...window.codes, hold, newest };
