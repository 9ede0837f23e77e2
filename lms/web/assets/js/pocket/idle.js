// Somebody who went away is closed; somebody who reads or writes never is. A minute before, a bar says so. All tabs count
// as one, and the clock on the wall decides, also after the device slept (lock.js does the same for a session).
import { who } from "./mine.js";
import { idleMinutes, make } from "./words.js";

const MINUTE = 60000;
const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel("pocket presence") : { postMessage() {} };

export const watchIdle = (close) => {
  const bar = document.createElement("div");
  const said = document.createElement("div");
  bar.className = "lock";
  said.setAttribute("role", "status");
  bar.append(said);
  document.body.append(bar);
  const limit = idleMinutes() * MINUTE;
  let last = Date.now();
  let told = last;
  let next = 0;
  const look = () => {
    clearTimeout(next);
    const idle = Date.now() - last;
    const soon = idle >= limit - MINUTE;
    if (!who() || !soon || idle >= limit) said.replaceChildren();
    if (!who()) return;
    if (idle >= limit) {
      close();
      return;
    }
    if (soon && !said.firstChild) said.append(make("idle"));
    next = setTimeout(look, (soon ? limit : limit - MINUTE) - idle);
  };
  // Once the bar is there a passing mouse is not enough, and its button is pressed before it goes.
  const here = (event) => {
    if (said.firstChild && (event.type === "pointermove" || (event.type !== "click" && bar.contains(event.target)))) return;
    const now = Date.now();
    if (who() && now - last >= limit) {
      look();
      return;
    }
    last = now;
    if (said.firstChild) look();
    if (now - told < 5000) return;
    told = now;
    tabs.postMessage(now);
  };
  for (const kind of ["input", "keydown", "pointerdown", "pointermove", "click", "scroll", "timeupdate"]) addEventListener(kind, here, { capture: true, passive: true });
  for (const kind of ["pageshow", "focus", "visibilitychange"]) addEventListener(kind, look, true);
  tabs.onmessage = ({ data }) => {
    last = Math.max(last, data);
    look();
  };
  document.addEventListener("pocket:opened", () => {
    last = Date.now();
    look();
  });
  look();
};
