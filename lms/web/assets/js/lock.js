// Somebody who went away is signed out; somebody who reads or writes never is. A minute before, a bar says so. What she
// wrote is saved first. All tabs count as one, and the clock on the wall decides, also after the device slept.
const lock = document.querySelector("form[data-lock]");
if (lock) {
  const MINUTE = 60000;
  const limit = (lock.dataset.lock - 1) * MINUTE; // the store may have seen her up to a minute earlier than she was there
  const often = Math.min(5 * MINUTE, limit / 3);
  const bar = lock.querySelector("[role=status]");
  const tabs = window.BroadcastChannel ? new BroadcastChannel("presence") : { postMessage() {} };
  let last = Date.now();
  let contact = last;
  let told = last;
  let contacting = 0;
  let next = 0;
  let over = false;

  const saved = (patience) => Promise.race([
    window.vereda ? window.vereda.flush() : true,
    new Promise((enough) => setTimeout(enough, patience, false)),
  ]);
  const close = async (leave) => {
    over = true;
    document.title = "…";
    bar.textContent = "";
    lock.elements.next.value = location.pathname + location.search;
    document.body.replaceChildren(lock);
    if (await saved(9000)) leave();
    else {
      bar.textContent = lock.dataset.waiting;
      setTimeout(close, 9000, leave);
    }
  };
  const look = () => {
    if (over) return;
    clearTimeout(next);
    const idle = Date.now() - last;
    if (idle >= limit) {
      close(() => lock.submit());
      return;
    }
    const soon = idle >= limit - MINUTE;
    if (soon && window.speechSynthesis && speechSynthesis.speaking) {
      here(new Event("speaking"));
      next = setTimeout(look, MINUTE);
      return;
    }
    if (soon && !bar.firstChild) show();
    if (!soon) bar.replaceChildren();
    next = setTimeout(look, (soon ? limit : limit - MINUTE) - idle);
  };
  // At the foot of the screen, or below the way out where that would cover what has the focus.
  const show = () => {
    bar.append(lock.querySelector("template").content.cloneNode(true));
    const at = document.activeElement;
    const exit = document.querySelector(".exit");
    const up = at && at !== document.body && at.getBoundingClientRect().bottom > innerHeight - lock.offsetHeight;
    lock.style.insetBlock = up ? `${exit ? Math.max(0, exit.getBoundingClientRect().bottom) : 0}px auto` : "";
  };
  const tell = () => {
    contacting = 0;
    contact = Date.now();
    const body = new URLSearchParams({ csrf: lock.elements.csrf.value });
    fetch(lock.dataset.here, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).then(
      (answer) => { if ([400, 401].includes(answer.status) && !over) close(() => location.reload()); },
      () => {},
    );
  };
  // Once the bar is there a passing mouse is not enough, and its button is pressed before it goes.
  const here = (event) => {
    if (bar.firstChild && (event.type === "pointermove" || (event.type !== "click" && lock.contains(event.target)))) return;
    const now = Date.now();
    if (over || now - last >= limit) {
      look();
      return;
    }
    last = now;
    if (bar.firstChild) look();
    if (!contacting) contacting = setTimeout(tell, Math.max(0, contact + often - now));
    if (now - told < 5000) return;
    told = now;
    tabs.postMessage(now);
  };
  for (const kind of ["input", "keydown", "pointerdown", "pointermove", "click", "scroll", "timeupdate"]) {
    addEventListener(kind, here, { capture: true, passive: true });
  }
  for (const kind of ["pageshow", "focus", "visibilitychange"]) addEventListener(kind, look, true);
  tabs.onmessage = (event) => {
    last = Math.max(last, event.data);
    look();
  };
  // Whoever signs out takes nothing unsaved away.
  addEventListener("submit", async (event) => {
    if (!event.target.matches("form[action$='/logout']")) return;
    event.preventDefault();
    await saved(3000);
    event.target.submit();
  });
  look();
}
