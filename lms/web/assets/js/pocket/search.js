// Looking for words in the passages of a course, without accents.
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
export const search = (text, query) => {
  const wanted = plain(query).split(/\s+/).filter((word) => word.length > 1);
  if (!wanted.length) return [];
  return text.passages.filter((each) => wanted.every((word) => plain(`${each.title} ${each.text}`).includes(word))).slice(0, 40).map(({ module, anchor, title, text: said }) => {
    const at = Math.max(0, plain(said).indexOf(wanted[0]));
    const shown = said.slice(Math.max(0, at - 60), at + 160);
    const parts = shown.split(/([\p{L}\p{N}]+)/u).filter(Boolean).map((word) => [word, wanted.some((each) => plain(word).startsWith(each))]);
    return { module, anchor, title, parts };
  });
};
