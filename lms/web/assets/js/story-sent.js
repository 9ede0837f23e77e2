// That she reached the ending of a scenario is sent.
const { words, send, tell } = window.vereda;
const keep = async (form) => {
  const told = form.querySelector("[data-status]");
  let status = 0;
  try { ({ status } = await send(form, "")); } catch { status = 0; }
  const kept = status === 204;
  told.textContent = kept ? words.kept : words.failed;
  const button = form.querySelector("button");
  if (kept && button === document.activeElement) form.closest(".step").focus({ preventScroll: true });
  button.hidden = kept;
  return status;
};
tell(document, keep, (hash) => hash);
