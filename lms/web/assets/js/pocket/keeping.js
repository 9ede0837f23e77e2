// Bookmarks and notes in a module: kept on this phone, for her, and nowhere else.
import { all, drop, put } from "./db.js";
import { unsaved } from "./mine.js";
import { uuid7 } from "./uuid7.js";
import { date, make, press, slot } from "./words.js";

const short = (text) => `: ${text.slice(0, 30)}`;
// Her notes and bookmarks at one place of a module.
export const notesAt = (notes, module, section) => notes.filter((each) => each.module === module && each.section === section);

export const noteNode = (note, changed) => {
  const part = make("note", { text: note.text, at: date(note.at), short: short(note.text) });
  press(part, "delete", async () => {
    await drop("notes", [note.learner, note.id]);
    await changed();
  });
  return part;
};

const box = async (at, changed, typed = "") => {
  const { learner, course, module, section, title } = at;
  const mine = notesAt((await all("notes", learner)).filter((each) => each.course === course), module, section);
  const marked = mine.find(({ kind }) => kind === "mark");
  const part = make("noting", { marked, unmarked: !marked });
  const field = part.querySelector("textarea");
  field.id = `page-note-${section || "top"}`;
  part.querySelector("label").htmlFor = field.id;
  field.value = typed;
  for (const note of mine.filter(({ kind }) => kind === "note")) slot(part, "notes").append(noteNode(note, () => changed(field.value)));
  const write = (values) => put("notes", { learner, id: uuid7(), course, module, section, title, at: new Date().toISOString(), ...values });
  press(part, "mark", async () => {
    await write({ kind: "mark", text: "" });
    await changed(field.value);
  });
  press(part, "unmark", async () => {
    await drop("notes", [learner, marked.id]);
    await changed(field.value);
  });
  part.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = event.target.querySelector("[data-status]");
    try {
      await write({ kind: "note", text: field.value });
      await changed();
    } catch (error) {
      told.textContent = unsaved(error);
    }
  });
  return part;
};

// What the marks in the module's text do; pack/lesson.html names their places.
export const keeping = (root, { profile, course, module }) => {
  const { learner } = profile;
  const buttons = [...root.querySelectorAll('.keep-mark, .keep-top')];
  const titleOf = (section) => {
    const heading = section && document.getElementById(section);
    return heading ? heading.textContent.trim() : module.title;
  };
  const paint = async () => {
    const mine = (await all("notes", learner)).filter((each) => each.course === course && each.module === module.id);
    const places = new Set(mine.map(({ section }) => section));
    for (const button of buttons) button.classList.toggle("marked", places.has(button.value));
  };
  for (const button of buttons) {
    button.type = "button";
    const home = document.createElement("div");
    (button.closest(".module-bar") || button).after(home);
    button.setAttribute("aria-expanded", "false");
    const section = button.value;
    const show = async (typed) => {
      home.replaceChildren(await box({ learner, course, module: module.id, section, title: titleOf(section) }, async (half) => {
        await show(half);
        await paint();
      }, typed));
      home.firstElementChild.focus();
    };
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const open = !home.firstChild;
      button.setAttribute("aria-expanded", String(open));
      home.replaceChildren();
      if (open) await show();
    });
  }
  for (const form of root.querySelectorAll("form[data-keep]")) {
    const { section, keep } = form.dataset;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = document.getElementById(`${section}-told`);
      try {
        await put("notes", { learner, id: uuid7(), course, module: module.id, section, title: titleOf(section).split("\n")[0], at: new Date().toISOString(), kind: "note", text: form.elements.text.value });
        told.textContent = keep;
        await paint();
      } catch (error) {
        told.textContent = unsaved(error);
      }
    });
  }
  paint();
};
