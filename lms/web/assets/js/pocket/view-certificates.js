// Her certificates on this phone: shown, saved or shared as the PDF that it is, checked without a network.
import { list, verify } from "./certificates.js";
import { download, share } from "./file.js";
import { me } from "./mine.js";
import { freshen, onNews } from "./news.js";
import { again } from "./router.js";
import { date, make, press, say, slot } from "./words.js";

const pdf = ({ bytes, number }) => new File([bytes], `${number}.pdf`, { type: "application/pdf" });
const checked = async (row) => {
  try {
    const { outcome, entry } = await verify(row.code);
    return outcome === "invalid" || !entry ? say("invalid") : say("valid", entry.list.name, date(entry.list.issued));
  } catch {
    return say("no-lists");
  }
};
const card = (row, name) => {
  const part = make("certificate", { title: row.title, name: row.name || name, on: row.issued ? date(row.issued) : "", number: row.number, pdf: row.bytes, share: row.bytes && navigator.canShare });
  const told = slot(part, "check");
  press(part, "pdf", () => download(pdf(row)));
  press(part, "share", () => share(pdf(row)));
  press(part, "check", async () => { told.textContent = await checked(row); });
  return part;
};

export const certificates = async () => {
  const profile = await me();
  const { learner, name } = profile;
  const rows = await list(learner);
  const part = make("certificates");
  slot(part, "list").append(...(rows.length ? rows.map((row) => card(row, name)) : [make("certificates-empty")]));
  return {
    title: say("title-home"),
    part,
    ready: () => {
      freshen(profile);
      return onNews(again);
    },
  };
};
