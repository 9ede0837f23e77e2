// Terms and sources open where they are referred to; cards count those that were turned.
const { words, say, make, plain } = window.vereda;
const open = new Map();
const close = (link) => {
  open.get(link).remove();
  open.delete(link);
  link.setAttribute("aria-expanded", "false");
  link.focus({ preventScroll: true });
};
const explain = (link, about) => {
  const box = make("div", "in-place");
  const text = make("p", "");
  const term = about.matches("dt");
  const said = term ? about.nextElementSibling : about;
  if (term) text.append(make("strong", "", about.textContent), ": ");
  text.append(...said.firstElementChild.cloneNode(true).childNodes);
  text.lang = said.closest("[lang]").lang;
  const shut = make("button", "linkish small", words.close);
  shut.type = "button";
  shut.addEventListener("click", () => close(link));
  box.append(text, shut);
  box.tabIndex = -1;
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(link); } });
  const host = link.closest("p, label, legend, summary, li, td, th, dd, figcaption, h2, h3, h4") || link;
  if (host.matches("li, td, th, dd, figcaption")) host.append(box); else host.after(box);
  open.set(link, box);
  link.setAttribute("aria-expanded", "true");
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.term, .ref a");
  const about = link && document.getElementById(link.hash.slice(1));
  if (!about || !plain(event) || link.closest(".sources, .glossary, summary")) return;
  event.preventDefault();
  if (open.has(link)) close(link); else explain(link, about);
});
// What a link leads to is never folded away; the lists at the end are, until then.
const unfold = () => {
  const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = aim && aim.closest("details:not([open])");
  if (!fold) return;
  fold.open = true;
  aim.scrollIntoView();
};
window.vereda.fold = (root) => {
  for (const fold of root.querySelectorAll(".sources, .glossary")) fold.open = false;
  root.querySelectorAll(".cards").forEach(counted);
};
const counted = (list) => {
  const seen = new Set();
  list.addEventListener("toggle", (event) => {
    if (!event.target.open || seen.has(event.target)) return;
    seen.add(event.target);
    list.nextElementSibling.textContent = say(list.nextElementSibling.dataset.seen, seen.size);
  }, true);
};
window.vereda.fold(document);
unfold();
addEventListener("hashchange", unfold);
addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll("main details:not([hidden])")) fold.open = true; });
