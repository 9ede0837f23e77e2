// Looking for words in the passages of a course: accents, capitals and endings make no difference, as in the search of the
// site, but without its index; every word has to be there.
export const MOST = 40;
const AROUND = [60, 160]; // characters shown before the first word that was found, and after it
const WORD = /[\p{L}\p{N}]+/gu;

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
// What is left of a word without the endings that number and gender give it.
const stem = (word) => (word.length > 4 ? word.replace(/(?:es|as|os|[aeos])$/, "") : word);
const found = (text) => [...text.matchAll(WORD)].map((each) => ({ at: each.index, word: each[0], plain: plain(each[0]) }));

const snippet = (text, isWanted) => {
  const words = found(text);
  const first = words.find(isWanted) || { at: 0 };
  const from = (words.find(({ at }) => at >= first.at - AROUND[0]) || { at: 0 }).at;
  const last = words.filter(({ at }) => at < first.at + AROUND[1]).pop();
  const to = last ? last.at + last.word.length : text.length;
  const parts = from ? [["… ", false]] : [];
  let done = from;
  for (const each of words.filter(({ at }) => at >= from && at < to)) {
    if (!isWanted(each)) continue;
    parts.push([text.slice(done, each.at), false], [each.word, true]);
    done = each.at + each.word.length;
  }
  return [...parts, [text.slice(done, to), false], [to < text.length ? " …" : "", false]].filter(([words_]) => words_);
};

// The passages that have every word of the query, those first that have them in their title: `parts` of each are its words,
// [text, whether it was looked for].
export const search = (text, query) => {
  const wanted = found(query).map((each) => stem(each.plain)).filter((word) => word.length > 1);
  if (!wanted.length) return [];
  const isWanted = ({ plain: word }) => wanted.some((each) => word.startsWith(each));
  const has = (words, each) => words.some(({ plain: word }) => word.startsWith(each));
  const hits = [];
  for (const { module, anchor, title, text: said } of text.passages) {
    const [titled, words] = [found(title), found(said)];
    if (!wanted.every((each) => has(titled, each) || has(words, each))) continue;
    hits.push({ module, anchor, title, parts: snippet(said, isWanted), best: wanted.some((each) => has(titled, each)) });
  }
  const kept = [...hits.filter(({ best }) => best), ...hits.filter(({ best }) => !best)].slice(0, MOST);
  const order = [...new Set(kept.map(({ module }) => module))];
  return kept.sort((one, other) => order.indexOf(one.module) - order.indexOf(other.module));
};
