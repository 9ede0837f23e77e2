// "I have finished this module" without leaving the page before the server has it: without a connection it waits here.
const { words, make, send, later } = window.vereda;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const card = form.closest(".finish");
  if (!card || event.defaultPrevented) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.hasAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const told = card.querySelector("[data-status]") || form.appendChild(make("p", "small quiet"));
  told.dataset.status = "";
  told.setAttribute("role", "status");
  const ended = async () => {
    const answer = await send(form, "");
    const next = answer.status === 200 ? await answer.text() : "";
    return { status: answer.status === 200 && !next.startsWith("/courses/") ? 0 : answer.status, next };
  };
  const offer = (next) => {
    told.textContent = words.saved;
    button.replaceWith(Object.assign(make("a", "button", words.on), { href: next }));
  };
  let done = { status: 0 };
  try { done = await ended(); } catch { done = { status: 0 }; }
  if (done.status === 200) location.assign(done.next);
  else if (done.status && done.status <= 500) form.submit(); // the server has a page for what is the matter
  else {
    told.textContent = words.failed;
    later("finish", async () => {
      const { status, next } = await ended();
      if (status === 200) offer(next);
      else if (status && status <= 500) button.removeAttribute("aria-busy");
      return status;
    });
  }
});
