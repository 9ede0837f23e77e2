// Sending a form without leaving the page; shared by quizzes and tests.
const { words } = window.vereda;
const savers = new Set();
Object.assign(window.vereda, {
  savers,
  send(form, act, keepalive = document.hidden) {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    return fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin", redirect: "manual", keepalive });
  },
  keepSaving(form, told) {
    let timer = 0;
    let over = false;
    let unsaved = false;
    let waiting = 0;
    let sending = Promise.resolve();
    const tell = (name) => { if (told && !over) told.textContent = told.dataset[name] || words[name]; };
    const save = () => {
      clearTimeout(timer);
      timer = 0;
      unsaved = false;
      waiting += 1;
      sending = sending.then(() => window.vereda.send(form, "save")).then(
        (answer) => { // only 204 is ours: what a network in between says is no sign that it was saved
          unsaved = answer.status !== 204 && !(answer.status >= 400 && answer.status < 500);
          tell(answer.status === 204 ? "saved" : "failed");
        },
        () => {
          unsaved = true;
          tell("failed");
        },
      ).finally(() => { waiting -= 1; });
      return sending;
    };
    // What was typed last is saved now; resolves to whether nothing is left to save.
    const flush = async () => {
      if (unsaved) save();
      await sending;
      return !unsaved;
    };
    savers.add(flush);
    // The page goes away and takes with it what is on its way: all of it is sent once more, by itself.
    addEventListener("pagehide", () => {
      if (over || !(unsaved || waiting)) return;
      clearTimeout(timer);
      unsaved = false;
      window.vereda.send(form, "save", true).catch(() => {});
    });
    form.addEventListener("input", () => {
      if (over) return;
      unsaved = true;
      clearTimeout(timer);
      timer = setTimeout(save, 1200);
    });
    // Resolves when no older draft is on its way any more; a dead connection is not waited for.
    const stop = () => {
      over = true;
      savers.delete(flush);
      clearTimeout(timer);
      return Promise.race([sending, new Promise((enough) => setTimeout(enough, 5000))]);
    };
    const go = () => {
      over = false;
      savers.add(flush);
    };
    return { stop, go };
  },
  // Every form of the page saved, now; resolves to whether all of them are.
  async flush() {
    return (await Promise.all([...savers].map((flush) => flush()))).every(Boolean);
  },
  // The form goes as the button would send it, after whatever was being saved.
  async sendAfter(saving, form, button) {
    await saving.stop();
    const act = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(act);
    form.submit();
    act.remove();
  },
});
addEventListener("online", () => window.vereda.flush());
addEventListener("visibilitychange", () => { if (document.hidden) window.vereda.flush(); }, true);
