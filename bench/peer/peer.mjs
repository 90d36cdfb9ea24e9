// Reads words and texts, a line each; prints how many million characters a second the
// peer looks through, the median of seven rounds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const mint = createRequire(import.meta.url)("mint-filter");
const Mint = mint.default ?? mint.Mint ?? mint;
const [words, texts] = process.argv.slice(2).map((f) => readFileSync(f, "utf8").split("\n"));
const filter = new Mint(words);
const chars = texts.reduce((sum, text) => sum + [...text].length, 0);
const rates = [];
let found = 0;
for (let round = 0; round < 7; round++) {
  const begun = process.hrtime.bigint();
  for (const text of texts) found += filter.filter(text, { replace: false }).words.length;
  rates.push(chars / (Number(process.hrtime.bigint() - begun) / 1e9) / 1e6);
}
if (found < 0) throw new Error("nothing was looked through");
console.log(rates.sort((a, b) => a - b)[3]);
