// A text to be copied: a button where the browser lets a page do so. Without one, whoever reads selects it herself.
for (const box of document.querySelectorAll("[data-copy]")) {
  const [text, button, said] = ["textarea", "button", "[role=status]"].map((each) => box.querySelector(each));
  // A hub without HTTPS has no navigator.clipboard; the older way works there.
  const old = () => { text.select(); return document.execCommand("copy"); };
  const copy = async () => {
    try { await navigator.clipboard.writeText(text.value); return true; } catch { return old(); }
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    if (await copy()) said.textContent = said.dataset.said;
    button.focus();
  });
}
