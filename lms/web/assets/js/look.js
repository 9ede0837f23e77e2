// How pages look, at once and without leaving the page.
const panel = document.querySelector("form[data-panel]");
if (panel) {
  panel.addEventListener("change", () => {
    const words = [...new FormData(panel)].filter(([name]) => !["csrf", "next"].includes(name)).map(([, word]) => word);
    document.documentElement.dataset.look = words.filter(Boolean).join(" ");
    fetch(panel.action, { method: "POST", body: new URLSearchParams(new FormData(panel)), headers: { "X-Fragment": "1" }, credentials: "same-origin", keepalive: true }).catch(() => {});
  });
  const box = panel.closest("details");
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) box.open = false; });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { box.open = false; box.firstElementChild.focus(); } });
}
