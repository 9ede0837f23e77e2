// What the scripts of a page say, in the reader's language; `say` puts values where it has #.
window.vereda = {
  words: { ...(document.getElementById("page-words") || { dataset: {} }).dataset },
  say: (text, ...values) => values.reduce((made, value) => made.replace("#", () => value), text),
  make(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text || "";
    return made;
  },
  plain: (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey),
};
