// `npm run fuzz:chains -- --minutes 60 [--seed 1] [--store sqlite --store redis]`: random chains of
// versions, each with its emitted code, on real stores. Ends with what was found first, shrunk.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { hammerStores } from "../../../hammer/stores/index.js";
import { recipes as services } from "../../../services/index.js";
import type { Service } from "../../../services/service.js";
import { startService } from "../../../services/start.js";
import { judge, newTally } from "./judge.js";
import { recipes } from "./recipes.js";
import { openStores } from "./stores.js";
import { tallyText } from "./tally-text.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    chains: { type: "string", default: "50" },
    store: { type: "string", multiple: true, default: ["sqlite", "redis"] },
  },
});
const end = performance.now() + Number(values.minutes) * 60_000;
const started: Service[] = [];
const urls = new Map<string, string>();
for (const name of values.store) {
  const recipe = services.find((one) => one.name === hammerStores[name]?.service);
  const service = recipe && (await startService(recipe));
  if (service !== undefined) started.push(service);
  urls.set(name, service?.url ?? "");
}
const opened = await openStores(urls);
const tally = newTally();
const first = Number(values.seed);
let seed = first;
try {
  for (; performance.now() < end; seed += 1) {
    const property = fc.asyncProperty(recipes, (recipe) => judge(recipe, opened.stores, tally));
    const result = await fc.check(property, { seed, numRuns: Number(values.chains) });
    if (!result.failed) continue;
    console.error(
      `Seed ${seed}, shrunk ${result.numShrinks} times: ${JSON.stringify(result.counterexample)}`,
    );
    console.error(
      result.errorInstance instanceof Error ? result.errorInstance.message : result.errorInstance,
    );
    process.exitCode = 1;
    break;
  }
} finally {
  await opened.close();
  for (const service of started) await service.stop();
}
console.log(`Seeds ${first} to ${process.exitCode === 1 ? seed : seed - 1}, ${values.chains} chains each`);
console.log(tallyText(tally));
process.exit();
