// The way out: the screen, the tab and the address say nothing at once, here and in every other tab of this browser;
// then the form signs out on its way to the neutral page. Nothing is left to go back to.
const tabs = window.BroadcastChannel ? new BroadcastChannel("way-out") : { postMessage() {} };
const blank = (...kept) => {
  document.title = "…";
  document.body.replaceChildren(...kept);
};
const leave = (out) => {
  out.hidden = true;
  blank(out);
  history.replaceState(null, "", out.dataset.exit);
  tabs.postMessage(out.dataset.exit);
  out.submit();
};
tabs.onmessage = (event) => {
  blank();
  location.replace(event.data);
};
const signedOut = document.querySelector("[data-out]");
if (signedOut) tabs.postMessage(signedOut.dataset.out);
const out = () => document.querySelector("form[data-exit]");
document.addEventListener("submit", (event) => {
  if (event.target !== out()) return;
  event.preventDefault();
  leave(event.target);
});
// Shift, pressed three times and let go with nothing else in between: a capital letter is no press of it, and the
// keyboard on a screen, which tells no code, is left alone.
let presses = 0;
let alone = false;
let forgetting = 0;
const count = (n) => {
  if (n === 0 && presses === 0) return;
  presses = n;
  const told = document.querySelector("[data-presses]");
  if (told) told.textContent = n ? told.dataset.presses.split("|")[n - 1] || "" : "";
  clearTimeout(forgetting);
  if (n) forgetting = setTimeout(count, 5000, 0);
};
const spoil = () => {
  alone = false;
  count(0);
};
addEventListener("keydown", (event) => {
  if (event.key !== "Shift" || !event.code || event.ctrlKey || event.altKey || event.metaKey) spoil();
  else if (!event.repeat) alone = true;
}, true);
addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  alone = false;
  if (!out()) return;
  if (presses === 2) leave(out());
  else count(presses + 1);
}, true);
addEventListener("pointerdown", spoil, true);
// A page that waits for something looks again by itself; one that is brought back from memory is not shown.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2500);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  blank();
  location.reload();
});
