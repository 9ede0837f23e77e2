// The page that verifies certificates: what stands after # in its address, or was pasted, is checked here. Nothing of it
// is sent: the lists are fetched once, when the page opens, and no request follows.
const { Problem, parse, read, verify, hold } = window.codes;
const page = document.querySelector("[data-verifier]");
if (page) {
  const parts = page.querySelector("template").content;
  const answer = page.querySelector("[data-answer]");
  const paste = page.querySelector("form[data-code]");
  const sentence = (name) => parts.querySelector(`[data-sentence="${name}"]`).textContent;
  const language = document.documentElement.lang;
  const day = (on) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(on));
  const today = () => {
    const now = new Date();
    return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
  };
  const ago = (on) => {
    const days = Math.round((new Date(on) - new Date(today())) / 86400000);
    return window.Intl.RelativeTimeFormat ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day") : "";
  };
  const told = (name, values) => sentence(name).replace(/%\((\w+)\)s/g, (_, key) => (key === "number" ? values[key] : day(values[key])));
  const part = (name) => parts.querySelector(`[data-part="${name}"]`).cloneNode(true);
  const put = (made, name, text) => { made.querySelector(`[data-put="${name}"]`).textContent = text; };
  const supported = Boolean(window.crypto && crypto.subtle);

  const headed = ({ outcome, checks }) => {
    const wrong = checks.filter(({ passed }) => !passed).map(({ name }) => name);
    if (outcome !== "invalid") return outcome;
    if (wrong.some((name) => ["signed", "unchanged"].includes(name))) return checks.some(({ sentence: said }) => said === "no_code") ? "no_code" : "altered";
    return wrong.join() === "state" ? checks.find(({ name }) => name === "state").sentence : "invalid";
  };
  const facts = ({ claims, entry }) => {
    const made = part("facts");
    const said = {
      name: claims.name, title: claims.title, date: day(claims.on), hours: new Intl.NumberFormat(language).format(claims.hours),
      issuer: [entry.list.name, entry.code].filter(Boolean).join(" · "), number: claims.number,
    };
    for (const [name, text] of Object.entries(said)) put(made, name, text);
    made.querySelector("[data-if=review]").hidden = !claims.underReview;
    made.querySelector("[data-if=demonstration]").hidden = !claims.demonstration;
    return made;
  };
  const listed = (checks) => {
    const made = document.createElement("ul");
    made.className = "checks";
    for (const { passed, warning, sentence: said, values } of checks) {
      const item = part(passed ? (warning ? "warned" : "passed") : "failed");
      put(item, "said", told(said, values || {}));
      made.append(item);
    }
    return made;
  };
  const age = ({ entry, numbers }) => {
    const made = part("age");
    const when = (list) => [day(list.issued), ago(list.issued)].filter(Boolean).join(", ");
    put(made, "keys", when(entry.list));
    made.querySelector("[data-if=numbers]").hidden = !numbers;
    if (numbers) put(made, "numbers", when(numbers));
    put(made, "today", day(today()));
    return made;
  };

  // One answer at a time: the last one asked for.
  let asked = 0;
  const show = (name, why, ...more) => {
    const made = part("answer");
    made.dataset.outcome = name;
    made.append(part(name), ...more);
    if (made.querySelector("[data-put=why]")) put(made, "why", why);
    answer.replaceChildren(made);
  };
  const look = async (text) => {
    asked += 1;
    const mine = asked;
    if (!supported) {
      fill(text);
      show("unsupported");
      return;
    }
    let found;
    let older = [];
    try {
      const lists = await trust;
      found = await verify(text, lists, today());
      older = lists.older ? [part("older")] : [];
    } catch {
      found = null;
    }
    if (mine !== asked) return;
    if (!found) {
      show("no_lists");
      return;
    }
    const wrong = found.checks.find(({ passed }) => !passed);
    const more = found.claims ? [facts(found), listed(found.checks), age(found)] : [];
    show(headed(found), wrong ? told(wrong.sentence, wrong.values) : "", ...more, ...older);
  };
  // Where nothing can be checked here, the number is ready to be looked up.
  const fill = (text) => {
    try {
      document.getElementById("field-number").value = read(parse(text)).claims.number;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
  };
  const trust = hold(page.dataset.verifier);
  trust.catch(() => {});

  paste.hidden = !supported;
  paste.querySelector("fieldset").disabled = false;
  paste.addEventListener("submit", async (event) => {
    event.preventDefault();
    await look(paste.querySelector("textarea").value);
    const heading = answer.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  });
  const scanned = () => { if (location.hash.length > 1) look(location.hash); };
  addEventListener("hashchange", scanned);
  scanned();
  if (!supported && location.hash.length < 2) show("unsupported");

  // A file goes to the server, which needs a connection.
  page.querySelector("form[enctype]").addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    asked += 1;
    show("offline");
    answer.scrollIntoView();
  });
  // Another language, and the same code: the address that it is in is not sent.
  for (const form of document.querySelectorAll("form[action$='/language']")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.assign(`${location.pathname}?lang=${form.querySelector("button").value}${location.hash}`);
    });
  }
  if (supported && navigator.serviceWorker) {
    navigator.serviceWorker.register(page.dataset.worker, { scope: location.pathname }).then(() => navigator.serviceWorker.ready).then(
      () => { page.querySelector("[data-kept]").hidden = false; },
      () => {},
    );
  }
}
