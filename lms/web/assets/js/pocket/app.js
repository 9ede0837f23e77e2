// The page /pocket: what this phone holds.
import { keep, spoken, unable, words } from "./shell.js";

const start = async () => {
  if (unable() === "insecure") return location.replace("/pocket/why");
  await keep();
  const said = await words(spoken());
  return document.getElementById("pocket-view").replaceChildren(said.getElementById("opened").content);
};
start();
