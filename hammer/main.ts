// `npm run hammer`: see docs/hammer.md.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { recipes } from "../services/index.js";
import { startService } from "../services/start.js";
import { type BrowsingResult, browse, impossibleForBrowsers } from "./browsers/run.js";
import { bringsServer, type Fault, faults, impossible } from "./faults.js";
import { type HammerResult, hammer } from "./run.js";
import { hammerStores } from "./stores/index.js";

/** How many violations are shown; the history has the others. */
const SHOWN = 10;

const values = options();
const stores = values.store === "all" ? Object.keys(hammerStores) : values.store.split(",");
const unknown = stores.filter((store) => hammerStores[store] === undefined);
if (unknown.length > 0)
  fail(`There is no store ${unknown.join(", ")}. There are: ${Object.keys(hammerStores).join(", ")}.`);
const wrong = (values.faults?.split(",") ?? []).filter((fault) => !isFault(fault));
if (wrong.length > 0) fail(`There is no fault ${wrong.join(", ")}. There are: ${faults.join(", ")}.`);
const wanted = (values.faults?.split(",") ?? []).filter(isFault);
const clients = whole("clients");
const operations = whole("operations");
const processes = whole("processes");
const seed = whole("seed", 0);

const { browsers } = values;
console.log(
  `${browsers ? `${clients} browsers` : `${clients} clients in ${processes} processes`}, seed ${seed}\n`,
);
if (values.traceless && !browsers) fail("--traceless is for --browsers: other clients know their ids.");
const heads = ["store", "operations", "acknowledged", "merged", "refused", "unknown", "violations", "ops/s"];
if (browsers) heads.push("dropped");
if (wanted.length > 0) heads.push("unclear", "disturbances");
printRow(heads);
let violated = false;
for (const store of stores) {
  const { unconditional, backfill } = values;
  const reasons = wanted.flatMap(
    (fault) => (browsers ? impossibleForBrowsers : impossible)(store, fault) ?? [],
  );
  if (reasons.length > 0) {
    console.log(`${store.padEnd(14)} left out: ${reasons.join("; ")}`);
    continue;
  }
  const url = await start(store);
  const common = { store, url: url.url, clients, operations, seed, unconditional, backfill, faults: wanted };
  const running = browsers
    ? browse({ ...common, traceless: values.traceless })
    : hammer({ ...common, processes });
  const result = await running.finally(() => url.stop());
  printResult(store, result);
  violated ||= result.violations.length > 0;
}
process.exitCode = violated ? 1 : 0;

function options() {
  try {
    return parseArgs({
      options: {
        store: { type: "string", default: "all" },
        clients: { type: "string", default: "32" },
        operations: { type: "string", default: "10000" },
        processes: { type: "string", default: "4" },
        seed: { type: "string", default: String(randomInt(2 ** 31)) },
        unconditional: { type: "boolean", default: false },
        backfill: { type: "boolean", default: false },
        traceless: { type: "boolean", default: false },
        faults: { type: "string" },
        browsers: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function isFault(name: string): name is Fault {
  return faults.some((fault) => fault === name);
}

/** Finds or starts the store's server. */
async function start(store: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const name = hammerStores[store]?.service;
  if (name === undefined || bringsServer(wanted)) return { url: "", stop: async () => {} };
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) throw new Error(`services/index.ts has no ${name}`);
  return startService(recipe);
}

function printResult(store: string, result: HammerResult | BrowsingResult): void {
  const { operations, acknowledged, merged, refused, unknown, unclear } = result;
  const { violations, took, history, disturbances } = result;
  const rate = Math.round((operations / took) * 1000);
  const row = [store, operations, acknowledged, merged, refused, unknown, violations.length, rate];
  if ("dropped" in result) row.push(result.dropped);
  printRow(wanted.length > 0 ? [...row, unclear, disturbances] : row);
  for (const violation of violations.slice(0, SHOWN)) printViolation(violation);
  if (history !== undefined) console.log(`  the whole history: ${history}`);
}

function printViolation({ rule, session, detail, entries }: Shown): void {
  console.log(`  ${rule} (session ${session}): ${detail}`);
  for (const entry of entries.slice(0, 3)) console.log(`    ${JSON.stringify(entry)}`);
}

/** A violation, of clients or of browsers. */
type Shown = (HammerResult | BrowsingResult)["violations"][number];

function printRow(cells: readonly (string | number)[]): void {
  const [name = "", ...rest] = cells.map(String);
  console.log([name.padEnd(14), ...rest.map((cell) => cell.padStart(13))].join(""));
}

function whole(name: "clients" | "operations" | "processes" | "seed", least = 1): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least)
    fail(`--${name} is a whole number, at least ${least}.`);
  return number;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
