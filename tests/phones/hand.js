// What the tests' people do in the pocket, by the modules that its pages use.
async () => {
  const own = document.querySelector("script[type=module][src*='/js/pocket/']").src;
  const { api, profile, progress, take, log, send, db, tickets, state, certificates } = await import(own);
  const { TYPES, record } = log;
  const who = async (name) => (await profile.list()).find((each) => each.name === name);
  const row = async (person, course) => (await db.one("courses", [person.learner, course])).taken;
  const act = async (name, course, told) => {
    const person = await who(name);
    const { release } = await row(person, course);
    const { id, n, device } = await record(person, { course, release, ...told });
    return { id, n, device };
  };
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const filled = (html, right) => {
    const form = new FormData();
    const page = Object.assign(document.createElement("template"), { innerHTML: html }).content;
    for (const question of page.querySelectorAll("fieldset")) {
      const labels = [...question.querySelectorAll("label")];
      const chosen = labels.find((label) => right.includes(plain(label.textContent))) || labels[0];
      const input = chosen.querySelector("input");
      form.append(input.name, input.value);
    }
    return form;
  };
  // What an error is called in the source: what is served has shorter names.
  const errors = { Full: db.Full, Offline: api.Offline, Refused: api.Refused };
  const called = (error) => (Object.entries(errors).find(([, kind]) => error instanceof kind) || [error.name])[0];
  window.hand = {
    called,
    fail: (error) => { throw new Error(`${called(error)}: ${error.message}`); },
    join: async () => {
      const { learner, device } = await profile.add(await api.me(), "Chromium");
      return { learner, device };
    },
    take: async (name, course, media = true) => {
      const person = await who(name);
      const { courses } = await api.ask(person, "courses", {});
      const { manifest } = courses.find(({ id }) => id === course);
      const taken = await take.take(person, manifest, { languages: manifest.languages, media });
      await state.refresh(person);
      return taken && taken.taken && taken.taken.release;
    },
    end: (name, course, module) => act(name, course, { type: TYPES.ended, item: module, data: { language: "es" } }),
    answer: (name, course, module, answers) => act(name, course, { type: TYPES.submitted, item: module, data: { answers, language: "es" } }),
    reach: (name, course, module, section) => act(name, course, { type: TYPES.reached, item: module, data: { section, language: "es" } }),
    ticket: async (name, course, module, count = 1) => {
      const person = await who(name);
      const { release } = await row(person, course);
      const given = await tickets.fetchTickets(person, { course, module, release, language: "es", count });
      return given.map(({ attempt }) => attempt);
    },
    sheet: async (name, course, attempt, right) => {
      const person = await who(name);
      const ticket = (await tickets.tickets(person.learner, course)).find((each) => each.attempt === attempt);
      await tickets.begin(ticket);
      return tickets.submit(person, ticket, filled(ticket.html.es, right), "es");
    },
    missing: async (name, course) => {
      const person = await who(name);
      const { modules } = await progress.stand(await db.one("courses", [person.learner, course]), await take.text(person, course, "es"));
      return modules.filter((each) => each.missing.includes("end")).map(({ id }) => id);
    },
    send: () => send.now(),
    pending: async (name) => send.pending((await who(name)).learner),
    refresh: async (name) => state.refresh(await who(name)),
    certificates: async (name) => {
      const rows = await db.all("certificates", (await who(name)).learner);
      return Promise.all(rows.map(async (each) => ({ number: each.number, outcome: (await certificates.verify(each.code)).outcome })));
    },
  };
}
