// The page itself: its version, its words, the worker that keeps it, and a newer version of it.
const root = document.documentElement;
export const version = root.dataset.version;
export const languages = root.dataset.languages.split(" ");

// The language to speak: the one asked for where the page can, else what the browser prefers.
export const spoken = (wanted = "") => {
  const asked = [wanted, ...navigator.languages].map((tag) => tag.split("-")[0]);
  return asked.find((tag) => languages.includes(tag)) || languages[0];
};

// The templates in that language, of this very version, as a DocumentFragment; the page says which language it is in.
export const words = async (language) => {
  const answer = await fetch(`/pocket/words.${language}.html?v=${version}`, { credentials: "omit" });
  if (!answer.ok) throw new Error(answer.status);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  root.lang = language;
  return holder.content;
};

// As long as this page is open, the worker keeps the files of its version.
const hold = () => {
  if (navigator.locks) navigator.locks.request(`pocket shell ${version}`, { mode: "shared" }, () => new Promise(() => {}));
};

// Why this browser can't keep the page: "" where it can.
export const unable = () => (!isSecureContext ? "insecure" : !("serviceWorker" in navigator) || !("indexedDB" in window) ? "old" : "");

let registration = null;
// The worker keeps the page from now on. `onNewer` is called when a newer version lies ready (now or later).
export const keep = async (onNewer = () => {}) => {
  hold();
  if (unable()) return false;
  try {
    registration = await navigator.serviceWorker.register("/pocket/worker.js", { scope: "/", updateViaCache: "none" });
  } catch {
    return false; // without a connection: the one there is goes on
  }
  const watch = (worker) => worker && worker.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) onNewer();
  });
  if (registration.waiting && navigator.serviceWorker.controller) onNewer();
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  return true;
};

// She wants the newer version: this page opens anew with it. Others stay what they are until they are opened anew.
export const useNewer = () => {
  if (!registration || !registration.waiting) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  return registration.waiting.postMessage({ vereda: "use" });
};

// Whether there is a newer version is asked of the server when the page is looked at again: a browser asks by itself only
// when it is opened, and an app of the home screen stays open for weeks.
const HOUR = 3600000;
let looked = Date.now();
export const look = () => {
  if (document.hidden || !registration || Date.now() - looked < HOUR) return;
  looked = Date.now();
  registration.update().catch(() => {});
};
