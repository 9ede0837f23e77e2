// Where this browser holds courses that were taken along, the way to them is shown.
const held = document.querySelector("[data-with-me]");
if (held && navigator.serviceWorker) {
  navigator.serviceWorker.getRegistration("/").then((found) => { held.hidden = !found || new URL(found.scope).pathname !== "/"; });
}
