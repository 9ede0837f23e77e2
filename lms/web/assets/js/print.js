// A button where the browser can print by itself.
const printer = document.querySelector("[data-print]");
if (printer && window.print) {
  printer.hidden = false;
  printer.addEventListener("click", () => window.print());
}
