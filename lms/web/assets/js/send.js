// Sending a form without leaving the page; shared by quizzes and tests.
window.vereda = {
  send(form, act) {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    return fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin", redirect: "manual" });
  },
  keepSaving(form, told) {
    let timer = 0;
    let over = false;
    let sending = Promise.resolve();
    const save = () => {
      clearTimeout(timer);
      timer = 0;
      sending = sending.then(() => window.vereda.send(form, "save")).then(
        (answer) => { if (told) told.textContent = answer.ok ? told.dataset.saved : told.dataset.failed; },
        () => { if (told) told.textContent = told.dataset.failed; },
      );
      return sending;
    };
    form.addEventListener("input", () => {
      if (over) return;
      clearTimeout(timer);
      timer = setTimeout(save, 1200);
    });
    // Resolves when no older draft is on its way any more; a dead connection is not waited for.
    const stop = () => {
      over = true;
      clearTimeout(timer);
      return Promise.race([sending, new Promise((enough) => setTimeout(enough, 5000))]);
    };
    return { stop };
  },
  // The form goes as the button would send it, after whatever was being saved.
  async sendAfter(saving, form, button) {
    await saving.stop();
    const act = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(act);
    form.submit();
    act.remove();
  },
};
