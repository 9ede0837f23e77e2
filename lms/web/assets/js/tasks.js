// Matching and ordering with buttons. The selects stay in the form and hold the answer: what works without a script is what is sent.
const { words, say, make } = window.vereda;
const button = (text, press) => {
  const made = make("button", "button button-quiet", text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
};
const changed = (select) => select.dispatchEvent(new Event("input", { bubbles: true }));
const sortPairs = (box) => {
  const rows = [...box.querySelectorAll(".pair")].map((row) => ({ row, label: row.querySelector("label"), select: row.querySelector("select") }));
  const few = [...rows[0].select.options].slice(1);
  if (few.length > 4) return;
  const count = make("p", "eyebrow count");
  const done = make("div", "sorted");
  rows[0].row.before(count);
  rows[rows.length - 1].row.after(done);
  count.tabIndex = -1;
  let now = null;
  const show = () => {
    now = now || rows.find(({ select }) => !select.value);
    const ready = rows.filter(({ select }) => select.value).length;
    count.textContent = say(words.nth, now ? Math.min(ready + 1, rows.length) : ready, rows.length);
    for (const each of rows) {
      each.row.hidden = each !== now && !each.select.value;
      each.targets.hidden = each !== now;
      each.chosen.hidden = each === now;
      each.chosen.firstChild.textContent = each.select.value ? each.select.selectedOptions[0].text : "";
      if (each === now) done.before(each.row);
      else if (each.select.value) done.append(each.row);
    }
  };
  for (const each of rows) {
    each.select.hidden = true;
    each.label.id = `${each.select.id}-label`;
    each.targets = make("div", "targets");
    each.targets.setAttribute("role", "group");
    each.targets.setAttribute("aria-labelledby", each.label.id);
    for (const { text, value, lang } of few) {
      const target = button(text, () => {
        each.select.value = value;
        changed(each.select);
        now = null;
        show();
        (now ? now.targets.firstChild : count).focus({ preventScroll: true });
      });
      target.lang = lang;
      each.targets.append(target);
    }
    each.chosen = make("p", "chosen");
    const change = button(words.change, () => { now = each; show(); each.targets.firstChild.focus({ preventScroll: true }); });
    change.setAttribute("aria-describedby", each.label.id);
    each.chosen.append(make("strong", ""), change);
    each.row.append(each.targets, each.chosen);
  }
  show();
};
const arrange = (box) => {
  const list = make("div", "ordering");
  const told = make("p", "hidden");
  told.setAttribute("role", "status");
  const rows = [...box.querySelectorAll(".pair")];
  rows[0].before(list);
  const value = (row) => row.querySelector("select").value;
  let set = new Set(rows.map(value)).size === rows.length && rows.every(value);
  if (set) rows.sort((a, b) => value(a) - value(b));
  list.append(...rows);
  const so = button(words.so, () => { settle(rows[0]); told.textContent = words.saved; });
  const show = () => {
    so.hidden = set;
    [...list.children].forEach((row, place, all) => {
      row.querySelector(".nth").textContent = set ? place + 1 : "–";
      row.querySelector(".up").setAttribute("aria-disabled", String(place === 0));
      row.querySelector(".down").setAttribute("aria-disabled", String(place === all.length - 1));
    });
  };
  const settle = (row) => {
    set = true;
    [...list.children].forEach((each, place) => { each.querySelector("select").value = String(place + 1); });
    changed(row.querySelector("select"));
    show();
  };
  for (const row of rows) {
    const label = row.querySelector("label");
    // The neighbour moves, not the row: so its button keeps the focus.
    const move = (name, sign, step) => {
      const made = button(sign, () => {
        const beside = step < 0 ? row.previousElementSibling : row.nextElementSibling;
        if (!beside) return;
        if (step < 0) row.after(beside); else row.before(beside);
        settle(row);
        told.textContent = `${label.textContent}: ${say(words.place, [...list.children].indexOf(row) + 1, rows.length)}`;
      });
      made.classList.add(step < 0 ? "up" : "down");
      made.setAttribute("aria-label", `${name}: ${label.textContent}`);
      return made;
    };
    row.querySelector("select").hidden = true;
    row.prepend(make("span", "nth"));
    row.append(move(words.up, "↑", -1), move(words.down, "↓", 1));
  }
  box.querySelector(".hint").textContent = words.arrange;
  list.after(so, told);
  show();
};
window.vereda.enhance = (root) => {
  if (!words.nth) return;
  root.querySelectorAll("fieldset.question-classify, fieldset.question-match").forEach(sortPairs);
  root.querySelectorAll("fieldset.question-order").forEach(arrange);
};
