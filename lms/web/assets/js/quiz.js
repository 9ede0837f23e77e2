// A quiz answered in place: the server's own part of the page comes back and replaces it.
const ready = (quiz) => {
  const form = quiz.querySelector("form[data-quiz]");
  if (!form) return;
  const saving = window.vereda.keepSaving(form, form.querySelector("[data-status]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter && event.submitter.value === "save") {
      window.vereda.sendAfter(saving, form, event.submitter);
      return;
    }
    await saving.stop();
    let answer;
    try { answer = await window.vereda.send(form, "check"); } catch { answer = null; }
    if (!answer || !answer.ok) { form.submit(); return; }
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const fresh = box.content.firstElementChild;
    quiz.replaceWith(fresh);
    ready(fresh);
    fresh.focus();
    fresh.scrollIntoView({ block: "start" });
  });
};
document.querySelectorAll(".quiz").forEach(ready);
for (const form of document.querySelectorAll("form[data-ending]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let answer;
    try { answer = await window.vereda.send(form, ""); } catch { answer = null; }
    if (!answer || !answer.ok) { form.submit(); return; }
    const told = form.querySelector("[data-status]");
    told.textContent = told.dataset.saved;
    form.querySelector("button").hidden = true;
  });
}
