// Sending a form without leaving the page; shared by quizzes and tests.
window.vereda = {
  send(form, act) {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    return fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin", redirect: "manual" });
  },
  keepSaving(form, told) {
    let timer = 0;
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
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1200); });
    return { stop() { clearTimeout(timer); timer = 0; return sending; } };
  },
};
