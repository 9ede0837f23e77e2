// Reads the module aloud with the device's own voices, sentence by sentence, each block in its language. A voice that is
// not the device's would send the text away: only local ones are used, and where there is none there is no button.
const speech = window.speechSynthesis;
window.vereda.listen = (root) => {
  const slot = root.querySelector("[data-listen]");
  const text = root.querySelector(".lesson");
  if (!slot || !text || !speech || !window.SpeechSynthesisUtterance) return () => {};
  const ONE = "h1, h2, h3, h4, p, li, dt, dd, th, td, summary, figcaption, blockquote";
  const NOT = "form, fieldset, button, nav, sup, svg, .facts, .contents, .help, .glossary, .sources, .hidden, [aria-hidden=true]";
  const short = (language) => language.toLowerCase().replace("_", "-").split("-")[0];
  const voiceFor = (language) => {
    const near = speech.getVoices().filter((voice) => voice.localService && short(voice.lang) === short(language));
    const wanted = [language, ...navigator.languages].map((each) => each.toLowerCase());
    return near.find((voice) => wanted.includes(voice.lang.toLowerCase().replace("_", "-"))) || near.find((voice) => voice.default) || near[0];
  };
  const wordsOf = (node) => [...node.childNodes].map((each) => {
    if (each.nodeType === Node.TEXT_NODE) return each.data;
    return each.nodeType === Node.ELEMENT_NODE && !each.matches(`${NOT}, ${ONE}, ul, ol`) ? wordsOf(each) : "";
  }).join("");
  const isSeen = (node) => node.getClientRects().length && !node.closest("[inert]");
  // Every sentence from here on: from the top, or from the first block in view.
  const sentences = () => {
    const blocks = [...text.querySelectorAll(ONE)].filter((node) => !node.closest(NOT) && isSeen(node));
    const first = text.getBoundingClientRect().top > -200 ? 0 : blocks.findIndex((node) => node.getBoundingClientRect().bottom > 40);
    return blocks.slice(Math.max(0, first)).flatMap((node) => {
      const said = wordsOf(node).replace(/\s+/g, " ").trim();
      return (said.match(/.+?(?:[.!?…]+[»”")]*(?=\s|$)|$)/g) || []).map((part) => [part.trim(), node.closest("[lang]").lang, node]);
    });
  };
  let queue = [], state = "idle", turn = 0, spoken;
  const show = (now) => {
    state = now;
    for (const each of slot.querySelectorAll("[data-when]")) each.hidden = !each.dataset.when.split(",").includes(now);
  };
  const hush = (now) => {
    turn += 1;
    speech.cancel();
    show(now);
  };
  const stop = () => { if (state !== "idle") hush("idle"); };
  const next = () => {
    const mine = turn;
    const [part, language, node] = queue[0] || [];
    if (!part || !node.isConnected) { stop(); return; }
    const voice = voiceFor(language);
    const goOn = () => { if (mine === turn) { queue.shift(); next(); } };
    if (!voice) { goOn(); return; }
    spoken = Object.assign(new SpeechSynthesisUtterance(part), { voice, lang: voice.lang, onend: goOn, onerror: () => { if (mine === turn) stop(); } });
    speech.speak(spoken);
  };
  const offer = () => {
    if (slot.children.length > 1 || !voiceFor(text.lang)) return;
    slot.append(slot.querySelector("template").content.cloneNode(true));
    show("idle");
    const [play, end] = slot.querySelectorAll("button");
    play.addEventListener("click", () => {
      if (state === "speaking") { hush("paused"); return; }
      if (state === "idle") queue = sentences();
      turn += 1;
      show("speaking");
      next();
    });
    end.addEventListener("click", () => { stop(); play.focus(); });
  };
  offer();
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  // Silence when the page is left, put away or emptied (that is how it is locked, and left in a hurry), and by Escape.
  addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  new MutationObserver(() => { if (!text.isConnected) stop(); }).observe(document.body, { childList: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); }, true);
  return stop;
};
window.vereda.listen(document);
