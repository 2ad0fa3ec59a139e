// `npm run fuzz:zod -- --minutes 60 [--seed 1]`: random schemas of Zod 4 and Zod 3 and random values,
// against what is emitted for them. Prints each difference, and what was looked at.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { judge, randomValues, type Verdict } from "./judge.js";
import { recipes } from "./recipes.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    schemas: { type: "string", default: "60" },
    values: { type: "string", default: "60" },
  },
});
const end = performance.now() + Number(values.minutes) * 60_000;
const found = new Map<string, string>();
const sum = { schemas: 0, refused: 0, values: 0, stored: 0 };
let seed = Number(values.seed);
console.log(`From seed ${seed} on`);
for (; performance.now() < end; seed += 1) {
  for (const zod of [4, 3] as const) {
    const some = fc.sample(recipes(zod), { seed, numRuns: Number(values.schemas) });
    add(zod, await judge(zod, some, randomValues(seed, Number(values.values))));
  }
}
// The shortest last: they tell most.
for (const [schema, text] of [...found].sort(([one], [other]) => other.length - one.length)) {
  console.log(`\n${schema}\n  ${text}`);
}
console.log(
  `${sum.schemas} schemas (${sum.refused} more refused), ${sum.values} values, ${sum.stored} stored`,
);
console.log(`${found.size} differences`);
if (found.size > 0) process.exitCode = 1;

function add(zod: number, verdict: Verdict): void {
  sum.schemas += verdict.schemas;
  sum.values += verdict.values;
  sum.stored += verdict.stored;
  sum.refused += Object.values(verdict.refused).reduce((total, count) => total + count, 0);
  for (const { schema, value, what } of verdict.differences) {
    found.set(schema, `Zod ${zod}, seed ${seed}: ${value}\n  ${what}`);
  }
}
