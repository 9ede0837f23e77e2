// That she reached the ending of a scenario is sent.
const { words, send, tell, later } = window.vereda;
const sent = async (form) => {
  const told = form.querySelector("[data-status]");
  let status = 0;
  try { ({ status } = await send(form, "")); } catch { status = 0; }
  const kept = status === 204;
  told.textContent = kept ? words.kept : words.failed;
  const button = form.querySelector("button");
  if (kept && button === document.activeElement) form.closest(".step").focus({ preventScroll: true });
  button.hidden = kept;
  return status === 200 ? 0 : status; // 204 is ours: a network in between would say something else
};
const keep = async (form) => {
  const status = await sent(form);
  if (!status) later(form.closest(".step").id, () => sent(form));
  return status;
};
tell(document, keep, (hash) => hash);
