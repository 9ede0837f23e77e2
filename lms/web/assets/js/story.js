// A scenario one step at a time, each in the place of the last. Back undoes one step; at the end stands the way that she went.
const { say, make, plain } = window.vereda;
const live = (story, keep, address) => {
  const steps = new Map([...story.querySelectorAll(".step")].map((step) => [step.id, step]));
  const trail = story.querySelector(".trail");
  const list = trail.appendChild(make("ol", ""));
  const place = make("p", "eyebrow");
  const choice = (id) => steps.get(id).matches(".consequence");
  const aimed = decodeURIComponent(location.hash.slice(1));
  let way = [];
  const remembered = () => (history.state || {})[story.id];
  const note = (write, hash) => history[write]({ ...history.state, [story.id]: way }, "", address(hash));
  const show = (move) => {
    const step = steps.get(way[way.length - 1]);
    for (const each of steps.values()) each.hidden = each !== step;
    place.textContent = say(story.dataset.step, new Set(way.filter((id) => !choice(id))).size || 1);
    const ending = step.querySelector("[data-anew]");
    if (!ending && !step.matches(".consequence")) step.prepend(place);
    const chosen = way.filter(choice).map((id) => {
      const item = make("li", "");
      const mine = steps.get(id).querySelector(".mine").cloneNode(true);
      mine.removeAttribute("id");
      item.append(mine, steps.get(id).querySelector(".tone").cloneNode(true));
      return item;
    });
    list.replaceChildren(...chosen);
    trail.hidden = !chosen.length;
    trail.open = Boolean(ending);
    if (!move) return;
    story.classList.add("moved");
    step.focus({ preventScroll: true });
    const top = step.getBoundingClientRect().top;
    if (top < 60 || top > innerHeight / 2) step.scrollIntoView();
    const form = step.querySelector("form[data-ending]");
    if (form && !form.querySelector("button").hidden) keep(form);
  };
  story.classList.add("live");
  story.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const id = link ? link.hash.slice(1) : "";
    if (!steps.has(id) || !plain(event)) return;
    event.preventDefault();
    way = "anew" in link.dataset ? [id] : [...way, id];
    note("pushState", link.hash);
    show(true);
  });
  const back = () => {
    if (!story.isConnected) {
      removeEventListener("popstate", back);
      return;
    }
    if (!remembered()) { // a link from elsewhere in the page, or an address typed by hand
      const id = decodeURIComponent(location.hash.slice(1));
      if (steps.has(id)) way = [id];
      note("replaceState");
      if (steps.has(id)) show(true);
      return;
    }
    if (remembered().join() === way.join()) return;
    way = remembered();
    show(true);
  };
  addEventListener("popstate", back);
  way = remembered() || [steps.has(aimed) ? aimed : steps.keys().next().value];
  note("replaceState");
  show(false);
};
// `keep(form)` keeps that she reached an ending and gives the status of an answer; `address(hash)`: what a step stands under
// in the browser's history.
window.vereda.tell = (root, keep, address) => {
  for (const form of root.querySelectorAll("form[data-ending]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const status = await keep(form);
      if (status === 400 || status === 401) form.submit(); // signed out meanwhile: the server has a page for that
    });
  }
  for (const story of root.querySelectorAll(".scenario")) live(story, keep, address);
};
