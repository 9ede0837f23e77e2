// The way out: leaves nothing to go back to, and a page that is restored from memory is asked for anew.
// A page that waits for something looks again by itself.
const leave = (out) => {
  fetch(out.action, { method: "POST", body: new URLSearchParams(new FormData(out)), credentials: "same-origin", keepalive: true, redirect: "manual" }).catch(() => {});
  document.body.replaceChildren();
  document.title = "…";
  location.replace(out.dataset.exit);
};
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.exit) return;
  event.preventDefault();
  leave(event.target);
});
let escapes = 0;
document.addEventListener("keydown", (event) => {
  const out = document.querySelector("form[data-exit]");
  escapes = out && event.key === "Escape" ? escapes + 1 : 0;
  if (escapes === 3) leave(out);
});
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2500);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
