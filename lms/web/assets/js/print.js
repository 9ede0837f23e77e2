// A button where the browser can print by itself.
const printer = document.querySelector("[data-print]");
if (printer && window.print) {
  printer.hidden = false;
  document.querySelector("[data-by-hand]").hidden = true;
  printer.addEventListener("click", () => window.print());
}
