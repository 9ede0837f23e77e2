// Keeps the page that verifies certificates on the device, so that it opens without a connection. The server puts two
// lines before this: KEPT, the address of each file with the one that it is asked for by (as a stranger, without
// cookies), and the DIGEST of it all. Nothing but these few addresses is ever answered from here.
const STORE = "verifier ";
const HELD = "verifier lists"; // the page's own (held.js), which outlasts every version of this
const find = async (path) => (await caches.open(STORE + DIGEST)).match(path, { ignoreVary: true });
const keep = async ([path, from]) => {
  const answer = await fetch(from, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(from);
  await (await caches.open(STORE + DIGEST)).put(path, answer);
};
// What the network answers in good time, the lists kept anew; else what is kept.
const answered = (request, path) => new Promise((resolve, reject) => {
  const waiting = setTimeout(async () => {
    const kept = await find(path);
    if (kept) resolve(kept);
  }, 4000);
  const instead = async (otherwise) => {
    clearTimeout(waiting);
    const kept = await find(path);
    if (kept) resolve(kept);
    else otherwise();
  };
  fetch(request).then(async (answer) => {
    if (!answer.ok) return instead(() => resolve(answer));
    clearTimeout(waiting);
    if (path.endsWith(".json")) await (await caches.open(STORE + DIGEST)).put(path, answer.clone());
    return resolve(answer);
  }, (error) => instead(() => reject(error)));
});
const fixed = async (request, path) => (await find(path)) || fetch(request);

addEventListener("install", (event) => {
  event.waitUntil(Promise.all(Object.entries(KEPT).map(keep)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith(STORE) && ![HELD, STORE + DIGEST].includes(name)) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(old());
});
addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !Object.keys(KEPT).includes(pathname)) return;
  event.respondWith(pathname.startsWith("/s/") ? fixed(event.request, pathname) : answered(event.request, pathname));
});
