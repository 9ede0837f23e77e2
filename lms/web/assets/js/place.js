// Where she has come to: told to the store once for each section, so that she can go on there.
const body = document.querySelector("[data-place]");
if (body && "IntersectionObserver" in window) {
  const told = new Set();
  const tell = (section) => {
    if (told.has(section)) return;
    told.add(section);
    const form = new URLSearchParams({ csrf: body.dataset.csrf, release: body.dataset.release, language: body.dataset.language, section });
    fetch(body.dataset.place, { method: "POST", body: form, credentials: "same-origin", keepalive: true }).catch(() => told.delete(section));
  };
  let waiting = 0;
  const watcher = new IntersectionObserver((entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).pop();
    if (!seen) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(seen.target.id), 1500);
  }, { rootMargin: "0px 0px -60% 0px" });
  body.querySelectorAll('h2[id]:not([id^="page-"])').forEach((heading) => watcher.observe(heading));
}
