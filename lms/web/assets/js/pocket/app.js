// The page /pocket: what this phone holds.
import "./lesson.js";
import { watchIdle } from "./idle.js";
import { watchNews } from "./news.js";
import { close, open } from "./router.js";
import { start } from "./send.js";
import { keep, look, unable } from "./shell.js";
import { VIEWS } from "./views.js";

const run = async () => {
  if (unable()) {
    location.replace("/pocket/why");
    return;
  }
  await open(VIEWS);
  watchIdle(() => close("closed"));
  watchNews();
  start();
  document.addEventListener("visibilitychange", look);
  await keep(() => document.dispatchEvent(new CustomEvent("pocket:newer")));
};
run();
