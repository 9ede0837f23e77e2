// Where she has come to: told to the store once for each section, so that she can go on there; and a line that says how far it is.
const { say, make } = window.vereda;
const watch = (body, keep) => {
  const told = new Set();
  const tell = (section) => {
    if (told.has(section) || !body.isConnected) return;
    told.add(section);
    keep(section).catch(() => told.delete(section));
  };
  let waiting = 0;
  const watcher = new IntersectionObserver((entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).pop();
    if (!seen) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(seen.target.id), 1500);
  }, { rootMargin: "0px 0px -60% 0px" });
  body.querySelectorAll('h2[id]:not([id^="page-"])').forEach((heading) => watcher.observe(heading));
};
const along = (line, parts) => {
  const told = line.appendChild(make("p", ""));
  const named = parts.filter((part) => part.hasAttribute("aria-labelledby"));
  const within = (share) => Math.min(1, Math.max(0, share));
  let due = false;
  const look = () => {
    due = false;
    if (!line.isConnected) {
      for (const kind of ["scroll", "resize"]) removeEventListener(kind, soon);
      return;
    }
    const eye = innerHeight * 0.5;
    const boxes = parts.map((part) => part.getBoundingClientRect());
    const here = Math.max(0, boxes.filter((box) => box.top <= eye).length - 1);
    const next = parts[here + 1] ? Number(parts[here + 1].dataset.left) : 0;
    const left = Number(parts[here].dataset.left);
    const minutes = Math.round(left - within((eye - boxes[here].top) / boxes[here].height) * (left - next));
    const start = boxes[0].top;
    line.style.setProperty("--share", within((eye - start) / (boxes[boxes.length - 1].bottom - start)).toFixed(3));
    const says = [];
    const number = named.indexOf(parts[here]) + 1;
    if (number) says.push(say(line.dataset.of, number, named.length));
    if (Number(parts[0].dataset.left)) says.push(minutes ? say(line.dataset.minutes, minutes) : line.dataset.end);
    const text = says.join(" · ");
    if (told.textContent !== text) told.textContent = text;
  };
  const soon = () => { if (!due) { due = true; requestAnimationFrame(look); } };
  line.hidden = false;
  look();
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
};
// `keep(section)` keeps that she reached it; a promise, which fails where it is to be tried again.
window.vereda.follow = (body, keep) => {
  if ("IntersectionObserver" in window) watch(body, keep);
  const line = body.querySelector(".along");
  const parts = [...body.querySelectorAll(".part")];
  if (line && parts.length) along(line, parts);
};
