// The sheet of a test keeps itself saved.
const sheet = document.querySelector("form[data-sheet]");
if (sheet) {
  window.vereda.enhance(sheet);
  const saving = window.vereda.keepSaving(sheet, sheet.querySelector("[data-status]"));
  sheet.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    window.vereda.sendAfter(saving, sheet, event.submitter);
  });
}
