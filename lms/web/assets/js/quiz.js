// A quiz answered in place: the server's own part of the page comes back and replaces it. Whatever goes wrong, the form stays;
// without a connection its answers wait there to be sent.
const { words, send, later, never, keepSaving, sendAfter, enhance } = window.vereda;
const read = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content;
const label = (button, text) => {
  button.dataset.label = button.dataset.label || button.textContent;
  button.textContent = text || button.dataset.label;
};
const replace = (quiz, fresh, waited) => {
  const isHere = !waited || quiz.contains(document.activeElement);
  quiz.replaceWith(fresh);
  ready(fresh);
  if (!isHere) return;
  const first = fresh.querySelector(".score, .result, .question button, input:not([type=hidden]), select");
  if (!first.matches("input, select, button")) first.tabIndex = -1;
  first.focus({ preventScroll: true });
  const top = fresh.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight / 2) fresh.scrollIntoView();
};
// Asks the server; true when its answer stands in the quiz's place, else the quiz says what is the matter.
const exchange = async (quiz, button, ask, waited) => {
  const told = quiz.querySelector("[data-status]");
  button.setAttribute("aria-busy", "true");
  label(button, words.busy);
  const slow = setTimeout(() => { told.textContent = words.slow; }, 5000);
  let status = 0;
  let page = read("");
  try {
    const answer = await ask();
    status = answer.status;
    page = read(await answer.text());
  } catch { status = 0; }
  clearTimeout(slow);
  const fresh = page.querySelector(".quiz");
  if (status === 200 && fresh) {
    const left = page.querySelector(".finish");
    if (left) document.querySelector(".finish").replaceWith(left);
    replace(quiz, fresh, waited);
    return status;
  }
  const said = page.querySelector("main .lead");
  told.textContent = said && status >= 400 ? said.textContent : words.lost;
  button.removeAttribute("aria-busy");
  label(button, said && status < 500 ? "" : words.retry);
  return status === 200 ? 0 : status; // not the store's: a network in between says what it likes
};
const ready = (quiz) => {
  enhance(quiz);
  const again = quiz.querySelector("[data-redo]");
  if (again) {
    again.addEventListener("click", (event) => {
      event.preventDefault();
      const ask = () => fetch(again.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin", redirect: "manual" });
      if (!again.hasAttribute("aria-busy")) exchange(quiz, again, ask).then((status) => { if (status >= 400) location.assign(again.href); });
    });
  }
  const form = quiz.querySelector("form[data-quiz]");
  if (!form) return;
  const saving = keepSaving(form, form.querySelector("[data-status]"));
  form.addEventListener("input", () => never(quiz.id)); // other answers: she says when they are to be checked
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[value=check]");
    if (button.hasAttribute("aria-busy")) return;
    if (event.submitter && event.submitter.value === "save") { sendAfter(saving, form, event.submitter); return; }
    const stopped = saving.stop();
    const status = await exchange(quiz, button, () => stopped.then(() => send(form, "check")));
    saving.go();
    if (!status) later(quiz.id, () => (quiz.isConnected ? exchange(quiz, button, () => send(form, "check"), true) : 204));
    // Signed out meanwhile, or the course changed: the server has a page for that, and keeps what is sent to it.
    if (status === 401 || status === 409) form.submit();
  });
};
document.querySelectorAll(".quiz:not(.poll)").forEach(ready);
