// Bookmarks and notes in place: the server's own parts of the page come back.
const mark = document.getElementById("page-mark");
if (mark) {
  const { words, make, send, keepSaving } = window.vereda;
  const section = Object.assign(document.createElement("input"), { type: "hidden", name: "section" });
  const buttons = document.querySelectorAll('button[form="page-mark"]');
  const paint = () => {
    const kept = new Set(Array.from(document.querySelectorAll("#page-kept [data-at]"), (each) => each.dataset.at));
    for (const button of buttons) button.classList.toggle("marked", kept.has(button.value));
  };
  // The part for the form's place, with the list of the module brought up to date; `null` where the server has a page
  // for what is the matter, `undefined` where nothing of ours came back: then this page stays, with what is typed in it.
  const ask = async (form) => {
    let answer;
    const parts = document.createElement("template");
    try {
      answer = await send(form, form.elements.act ? form.elements.act.value : "");
      parts.innerHTML = await answer.text();
    } catch { return undefined; }
    if (answer.status >= 400) return null;
    if (!parts.content.getElementById("page-kept")) return undefined;
    document.getElementById("page-kept").replaceWith(parts.content.getElementById("page-kept"));
    paint();
    return parts.content.querySelector(".noting");
  };
  const ready = (box) => {
    for (const form of box.querySelectorAll("form")) {
      const told = box.querySelector("[data-status]");
      const saving = form.contains(told) && keepSaving(form, told);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (saving) await saving.stop();
        const fresh = await ask(form);
        if (fresh === null) { form.submit(); return; }
        if (!fresh) {
          if (saving) saving.go();
          told.textContent = words.failed;
          return;
        }
        box.replaceWith(fresh);
        ready(fresh);
        fresh.focus();
      });
    }
  };
  for (const button of buttons) {
    const home = document.createElement("div");
    (button.closest("ul") || button).after(home);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const open = !home.querySelector(".noting");
      home.replaceChildren();
      button.setAttribute("aria-expanded", open);
      if (!open) return;
      mark.append(section);
      section.value = button.value;
      const box = await ask(mark);
      if (box === null) { mark.submit(); return; }
      if (!box) {
        home.replaceChildren(make("p", "small quiet", words.failed));
        home.firstChild.setAttribute("role", "status");
        button.setAttribute("aria-expanded", "false");
        return;
      }
      home.replaceChildren(box);
      ready(box);
      box.focus();
    });
  }
  for (const form of document.querySelectorAll("form[data-keep]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = document.getElementById(`${form.elements.section.value}-told`);
      told.textContent = "";
      const kept = await ask(form);
      if (kept === null) form.submit();
      else told.textContent = kept ? form.dataset.keep : words.failed;
    });
  }
  paint();
}
