// What operations cost with many sessions in the store: opening one, counting and ending a user's,
// deleting what has expired beside traffic. `--sessions 1000000`; `--stores redis,postgres`;
// `--budget 60`, the most seconds that filling a store may take.
import { rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { register } from "tsx/esm/api";
import { build, ensureInstalled } from "../scripts/ensure-installed.mjs";
import {
  beside,
  counting,
  countingBeside,
  destroyingBeside,
  ME,
  openTime,
  payloadOf,
  rows,
  sweepingBeside,
  visitors,
} from "./scale/measure.mjs";
import { makeProject } from "./scale/project.mjs";
import { fill, stores } from "./scale/stores.mjs";

const work = join(fileURLToPath(new URL("..", import.meta.url)), ".cache/bench-scale");
const SMALL = 1000;
/** How long requests are measured before something is done beside them, in milliseconds. */
const QUIET = 4000;
/** How long they are measured beside what is cut off. */
const LONG = 12_000;
/** In how many turns, where it can be done again. */
const ROUNDS = 8;

const { values } = parseArgs({
  allowPositionals: true,
  options: { sessions: { type: "string" }, stores: { type: "string" }, budget: { type: "string" } },
  strict: false,
});
const sessionsWanted = Number(values.sessions ?? 10_000);
const budget = Number(values.budget ?? 20) * 1000;
const names = values.stores?.split(",") ?? Object.keys(stores);

ensureInstalled();
if (process.env["SESSGEN_BENCH_BUILT"] === undefined) build();
register();
const { startService } = await import("../services/start.ts");
const { recipes } = await import("../services/index.ts");

const results = [];
for (const name of names) {
  const row = { name };
  results.push(row);
  try {
    await measure(row, stores[name]);
  } catch (error) {
    console.error(`  ${name}: ${error.stack}`);
  }
  print([row]);
}
console.log(
  `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${new Date().toISOString().slice(0, 10)}`,
);
print(results);

/** Measures a store; what was measured stands in the row, also when something fails behind it. */
async function measure(row, { service: serviceName, backend, use, isListed = true }) {
  const recipe = recipes.find((one) => one.name === serviceName);
  const service = recipe && (await startService(recipe));
  const folder = join(work, row.name);
  const context = { url: service?.url, folder };
  const closes = [() => service?.stop(), () => rmSync(folder, { recursive: true, force: true })];
  try {
    const { sessions, store, tag, changeFormat, backfill } = await makeProject(folder, backend(context));
    closes.unshift(() => sessions.close());
    const own = (await use?.({ ...context, tag })) ?? {};
    closes.unshift(() => own.close?.());
    const payload = await payloadOf(sessions, store, tag);
    const cookies = await visitors(sessions);
    const some = { tag, payload };

    await fill(store, own, rows(SMALL, some), budget);
    await openTime(sessions, cookies);
    const small = await openTime(sessions, cookies);
    const mine = await fill(
      store,
      own,
      rows(Math.min(10_000, sessionsWanted / 10), { ...some, user: ME }),
      budget,
    );
    const others = await fill(store, own, rows(sessionsWanted - SMALL - mine, some), budget);
    await own.settle?.();
    await openTime(sessions, cookies);
    const large = await openTime(sessions, cookies);
    const traffic = { sessions, cookies, quiet: QUIET };
    const counted = await counting(sessions, own.keys, mine);
    Object.assign(row, { total: SMALL + mine + others, small, large, mine, ...counted });
    row.counting = await countingBeside(traffic, ROUNDS);
    await sessions.destroyBy("user.id", ME);
    row.destroying = await destroyingBeside(traffic, ROUNDS, () =>
      fill(store, own, rows(Math.ceil(mine / ROUNDS), { ...some, user: ME }), budget),
    );
    if (isListed) {
      changeFormat();
      row.backfill = await beside(traffic, () => backfill(LONG));
    }
    if (store.sweep === undefined) return;
    const wanted = Math.min(300_000, sessionsWanted * 0.3);
    const expire = () => fill(store, own, rows(wanted, { ...some, expired: true }), budget);
    await expire();
    await own.settle?.();
    row.sweep = await sweepingBeside(traffic);
    if (own.hold !== undefined) {
      await expire();
      await own.settle?.();
      const release = await own.hold();
      row.held = await sweepingBeside(traffic);
      await release();
    }
  } finally {
    for (const close of closes) await close();
  }
}

function print(list) {
  const columns = [
    ["store", ({ name }) => name],
    ["sessions", ({ total }) => total],
    ["open, ms", ({ small, large }) => `${fixed(large, 2)} (${fixed(large / small, 1)})`],
    ["of one user", ({ mine }) => mine],
    ["keys, ms", ({ scan }) => fixed(scan)],
    ["count, ms", ({ count, ratio }) => `${fixed(count)} (${fixed(ratio, 1)})`],
    [
      "processor, µs",
      ({ processor: { count, scan } = {} }) =>
        `${fixed(count, 1)} (${fixed(scan, 1)}${Number.isFinite(scan) ? `: ${fixed(count / scan, 1)}` : ""})`,
    ],
    ["its p99, ms", ({ counting }) => p99(counting)],
    ["destroyBy, ms", ({ destroying }) => fixed(destroying?.time)],
    ["its p99, ms", ({ destroying }) => p99(destroying)],
    [
      "backfill, a second",
      ({ backfill }) => backfill && `${fixed((1000 * backfill.result) / backfill.time)}`,
    ],
    ["its p99, ms", ({ backfill }) => p99(backfill)],
    ["sweep, s", ({ sweep }) => swept(sweep)],
    ["its p99, ms", ({ sweep }) => p99(sweep)],
    ["snapshot held, s", ({ held }) => swept(held)],
    ["its p99, ms", ({ held }) => p99(held)],
  ];
  console.log(`| ${columns.map(([title]) => title).join(" | ")} |`);
  console.log(`|${columns.map(() => "---|").join("")}`);
  for (const row of list) console.log(`| ${columns.map(([, cell]) => cell(row) ?? "-").join(" | ")} |`);
}

function swept(sweep) {
  if (sweep === undefined) return undefined;
  const { time, result } = sweep;
  return `${fixed(time / 1000, 1)} of ${result.deleted} (${fixed(result.growth, 1)})`;
}

function p99(measured) {
  if (measured === undefined) return undefined;
  const { before, meanwhile } = measured;
  return `${fixed(before, 1)} -> ${fixed(meanwhile, 1)} (${fixed(meanwhile / before, 1)})`;
}

function fixed(value, digits = 0) {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}
