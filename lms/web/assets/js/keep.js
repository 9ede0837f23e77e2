// Bookmarks and notes in place: the server's own parts of the page come back.
const mark = document.getElementById("page-mark");
if (mark) {
  const section = Object.assign(document.createElement("input"), { type: "hidden", name: "section" });
  const buttons = document.querySelectorAll('button[form="page-mark"]');
  const paint = () => {
    const kept = new Set(Array.from(document.querySelectorAll("#page-kept [data-at]"), (each) => each.dataset.at));
    for (const button of buttons) button.classList.toggle("marked", kept.has(button.value));
  };
  // The part for the form's place, with the list of the module brought up to date; nothing where another page came.
  const ask = async (form) => {
    let answer;
    try { answer = await window.vereda.send(form, form.elements.act ? form.elements.act.value : ""); } catch { return null; }
    if (!answer.ok) return null;
    const parts = document.createElement("template");
    parts.innerHTML = await answer.text();
    document.getElementById("page-kept").replaceWith(parts.content.getElementById("page-kept"));
    paint();
    return parts.content.querySelector(".noting");
  };
  const ready = (box) => {
    for (const form of box.querySelectorAll("form")) {
      const told = form.querySelector("[data-status]");
      const saving = told && window.vereda.keepSaving(form, told);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (saving) await saving.stop();
        const fresh = await ask(form);
        if (!fresh) { form.submit(); return; }
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
      const open = !home.firstChild;
      home.replaceChildren();
      button.setAttribute("aria-expanded", open);
      if (!open) return;
      mark.append(section);
      section.value = button.value;
      const box = await ask(mark);
      if (!box) { mark.submit(); return; }
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
      if (await ask(form)) told.textContent = form.dataset.keep;
      else form.submit();
    });
  }
  paint();
}
