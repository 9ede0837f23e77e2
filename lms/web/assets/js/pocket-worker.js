// Keeps the page /pocket on the phone, one whole version at a time. The server puts lines before this: the VERSION, the
// SHA-256 of each file KEPT of it by address, and the LANGUAGES. Nothing that tells of a person is ever kept here.
const SHELL = "pocket shell "; // and the version: a cache of this worker's
const MEDIA = "pocket media"; // the page's own (take.js)
const mine = SHELL + VERSION;
const PAGE = "/pocket";
const found = (path, cacheName) => caches.match(path, { cacheName, ignoreVary: true });
const versions = async () => (await caches.keys()).filter((name) => name.startsWith(SHELL));
const anywhere = async (path) => {
  for (const name of await versions()) {
    const answer = await found(path, name);
    if (answer) return answer;
  }
  return null;
};
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Only what is of this version to the last byte: neither what a server gives that is being updated, nor what a portal says.
const keep = async ([path, sha256]) => {
  if (await found(path, mine)) return;
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
  const digest = hex(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  if (!answer.ok || answer.redirected || digest !== sha256) throw new Error(path);
  await (await caches.open(mine)).put(path, answer);
};

// Of the other versions those go that no open page is of: each page holds a lock of its version's name (shell.js).
const tidy = async () => {
  if (registration.waiting || registration.installing || !navigator.locks) return;
  const { held } = await navigator.locks.query();
  const inUse = new Set([mine, ...held.map(({ name }) => name)]);
  for (const name of await versions()) if (!inUse.has(name)) await caches.delete(name);
};

const fromShell = async (request, path, version) => (await found(path, SHELL + version)) || (await found(path, mine)) || fetch(request);
const fromAny = async (request, path) => (await anywhere(path)) || fetch(request);

// A picture, a recording or a text by its hash; a recording is asked for in stretches.
const SAFE = { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes" };
const carried = async (request, path) => {
  const answer = await found(path, MEDIA);
  if (!answer) return fetch(request);
  const whole = await answer.blob();
  const headers = { ...SAFE, "Content-Type": answer.headers.get("Content-Type") || "application/octet-stream" };
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked || !(asked[1] || asked[2])) return new Response(whole, { headers });
  const from = asked[1] ? Number(asked[1]) : Math.max(0, whole.size - Number(asked[2]));
  const to = asked[1] && asked[2] ? Math.min(Number(asked[2]), whole.size - 1) : whole.size - 1;
  if (from > to) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  return new Response(whole.slice(from, to + 1), { status: 206, headers: { ...headers, "Content-Range": `bytes ${from}-${to}/${whole.size}` } });
};

// Without a connection: the way out and what applies in each country have pages here, and any other address leads to what
// the phone holds, where a course's page is looked for; no other address is passed on.
const HERE = { "/exit": "exit", "/your-country": "countries" };
const away = async (path) => {
  if (path in HERE) {
    const spoken = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => LANGUAGES.includes(tag)) || LANGUAGES[0];
    return found(`${PAGE}/${HERE[path]}.${spoken}.html`, mine);
  }
  const course = /^\/courses\/[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(path) ? path : "";
  return Response.redirect(`${PAGE}#/away${course}`, 302);
};
const fromNetwork = (request, path) => fetch(request).catch(async (error) => {
  const answer = (await found(PAGE, mine)) && (await away(path));
  if (answer) return answer;
  throw error;
});

addEventListener("install", (event) => {
  event.waitUntil(Promise.all(Object.entries(KEPT).map(keep)));
});
addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([tidy(), clients.claim()]));
});
addEventListener("message", (event) => {
  if (event.data && event.data.vereda === "use") skipWaiting();
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const answer = (work) => event.respondWith(work);
  if (pathname === PAGE) {
    answer(fromShell(request, pathname, VERSION));
    event.waitUntil(tidy());
  } else if (pathname in KEPT) answer(fromShell(request, pathname, searchParams.get("v") || VERSION));
  else if (/^\/s\/[^/]+\/(js\/pocket|css|icons)\//.test(pathname)) answer(fromAny(request, pathname));
  else if (/^\/(media|pocket\/files)\/[0-9a-f]{64}$/.test(pathname)) answer(carried(request, pathname));
  else if (request.mode === "navigate" && !/^\/(v|logout|media|health)(\/|$)/.test(pathname)) answer(fromNetwork(request, pathname));
});
