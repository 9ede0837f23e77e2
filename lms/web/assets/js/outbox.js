// What could not be sent waits in this page and is sent by itself, in its order: soon at first, then about once a minute, and
// whenever there may be a connection again. It lives no longer than the page: she is told how much waits, and asked before
// she leaves.
const { words, say, make, savers } = window.vereda;
const MOST = 60000;
const queue = [];
const bar = make("div", "notice notice-warm outbox");
const told = bar.appendChild(make("p", ""));
const button = bar.appendChild(make("button", "button button-quiet", words.now));
let timer = 0;
let tries = 0;
let busy = null;
bar.hidden = true;
told.setAttribute("role", "status");
button.type = "button";
document.body.append(bar);

// Whoever leaves in a hurry is not asked: her page is blank by then.
const stay = (event) => { if (bar.isConnected) event.preventDefault(); };
const show = () => {
  bar.hidden = !queue.length;
  told.textContent = queue.length ? say(words.waiting, queue.length) : "";
  removeEventListener("beforeunload", stay);
  if (queue.length) addEventListener("beforeunload", stay);
};
const never = (name) => {
  const place = queue.findIndex((each) => each.name === name);
  if (place < 0) return;
  queue.splice(place, 1);
  show();
};
const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(go, Math.min(MOST, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
  tries += 1;
};
// Resolves to whether nothing waits any more.
const drain = async () => {
  while (queue.length) {
    const [first] = queue;
    let status = 0;
    try { status = await first.send(); } catch { status = 0; }
    if (!status || status > 500) {
      wait();
      return false;
    }
    never(first.name);
    tries = 0;
  }
  clearTimeout(timer);
  return true;
};
const go = () => {
  busy = busy || drain().finally(() => { busy = null; });
  return busy;
};
button.addEventListener("click", go);
addEventListener("online", go);
addEventListener("visibilitychange", () => { if (!document.hidden) go(); }, true);
savers.add(go);
// `send` is called until it gives the status of an answer, 0 where that is none of the store's; what already waits under that
// name is given up for it.
window.vereda.later = (name, send) => {
  never(name);
  queue.push({ name, send });
  show();
  wait();
};
window.vereda.never = never;
