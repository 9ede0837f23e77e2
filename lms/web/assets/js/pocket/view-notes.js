// All her notes and bookmarks on this phone.
import { drop } from "./db.js";
import { download } from "./file.js";
import { noteNode } from "./keeping.js";
import { Evicted, Missing, look, me, mine } from "./mine.js";
import { again } from "./router.js";
import { make, press, say, slot, speak } from "./words.js";

const titled = async (course) => {
  try {
    return (await look(course)).text;
  } catch (error) {
    if (error instanceof Missing || error instanceof Evicted) return null;
    throw error;
  }
};
const place = (notes, text) => {
  const [{ course, module, section, title }] = notes;
  const mark = notes.find(({ kind }) => kind === "mark");
  const held = text && text.modules.find((each) => each.id === module);
  const part = make("notes-place", { title: section || !held ? title : held.title, href: held ? `#/module/${course}/${module}${section ? `/${section}` : ""}` : "", marked: mark, short: `: ${title}` });
  press(part, "unmark", async () => {
    await drop("notes", [mark.learner, mark.id]);
    again();
  });
  for (const note of notes.filter(({ kind }) => kind === "note")) slot(part, "notes").append(noteNode(note, again));
  return part;
};
const grouped = (rows, name) => {
  const groups = new Map();
  for (const row of rows) groups.set(name(row), [...(groups.get(name(row)) || []), row]);
  return [...groups.values()];
};

export const notes = async () => {
  const profile = await me();
  const all = await mine("notes");
  const part = make("notes", { any: all.length });
  let exit = false;
  for (const rows of grouped(all, ({ course }) => course)) {
    const text = await titled(rows[0].course);
    exit = exit || Boolean(text && text.exit);
    const shelf = make("notes-course", { href: `#/course/${rows[0].course}`, title: text ? text.title : say("not-here") });
    for (const each of grouped(rows, ({ module, section }) => `${module}/${section}`)) slot(shelf, "places").append(place(each, text));
    slot(part, "list").append(shelf);
  }
  if (!all.length) slot(part, "list").append(make("notes-empty"));
  await speak(profile.language);
  return {
    title: say("title-home"),
    part,
    exit,
    ready: (view) => press(view, "save", () => {
      const text = all.map(({ title, text: said, at }) => [title, at.slice(0, 10), said].filter(Boolean).join("\n")).join("\n\n");
      download(new File([text], "notas.txt", { type: "text/plain" }));
    }),
  };
};
