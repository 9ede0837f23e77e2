// Runs the verifier page's own script, outside a browser, over codes.json: `node codes.mjs SCRIPT...` prints how many codes
// it says of what the file says, how many changed bits of how many it refuses, in a code and in lists; exit 1 if not all.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

globalThis.window = globalThis;
for (const path of process.argv.slice(2)) runInThisContext(`"use strict";\n{\n${readFileSync(path, "utf8")}\n}`);
const { parse, gather, verify } = globalThis.codes;
const vectors = JSON.parse(readFileSync(new URL("codes.json", import.meta.url), "utf8"));
const trust = await gather(vectors);
let wrong = 0;
for (const { name, text, outcome, failed, told } of vectors.cases) {
  const found = await verify(text, trust, vectors.today);
  const why = found.checks.filter(({ passed }) => !passed).map(({ sentence }) => sentence).join();
  const said = found.checks.map(({ sentence }) => sentence).join();
  if (found.outcome === outcome && why === failed && said === told.join()) continue;
  wrong += 1;
  console.error(`${name}: ${found.outcome} (${said}), not ${outcome} (${told})`);
}
const later = (await verify(vectors.cases[0].text, trust, vectors.later)).checks.pop();
if (!later.passed || !later.warning || later.sentence !== "stale") throw new Error("not stale");
const longest = vectors.cases.find(({ name }) => name === "the longest name and title");
const payload = parse(longest.text);
let refused = 0;
for (let bit = 0; bit < payload.length * 8; bit += 1) {
  const changed = Uint8Array.from(payload);
  changed[bit >> 3] ^= 1 << (bit & 7);
  const digits = BigInt(`0x${Buffer.from(changed).toString("hex")}`).toString();
  if ((await verify(digits, trust, vectors.today)).outcome !== "valid") refused += 1;
  else console.error(`bit ${bit} changed, and valid`);
}
// One bit of every seventh character of each list.
let lists = 0;
let taken = 0;
for (const [place, list] of vectors.lists.entries()) {
  for (let at = place; at < list.length; at += 7) {
    const changed = list.slice(0, at) + String.fromCharCode(list.charCodeAt(at) ^ 1) + list.slice(at + 1);
    lists += 1;
    taken += await gather({ ...vectors, lists: vectors.lists.map((each) => (each === list ? changed : each)) }).then(() => 1, () => 0);
  }
}
for (const [name, list] of Object.entries(vectors.bad_lists)) {
  lists += 1;
  const took = await gather({ ...vectors, lists: [...vectors.lists, list] }).then(() => 1, () => 0);
  if (took) console.error(`a bad list is taken: ${name}`);
  taken += took;
}
const revoked = vectors.cases.find(({ name }) => name === "revoked").text;
for (const [name, list] of Object.entries(vectors.passed_over)) {
  const more = await gather({ ...vectors, lists: [...vectors.lists, list] });
  if ((await verify(revoked, more, vectors.today)).outcome !== "invalid" || more.numbers.size !== 1) throw new Error(name);
}
console.log(`${vectors.cases.length - wrong} of ${vectors.cases.length}, ${refused} of ${payload.length * 8}, ${lists - taken} of ${lists}`);
process.exitCode = wrong || refused < payload.length * 8 || taken ? 1 : 0;
