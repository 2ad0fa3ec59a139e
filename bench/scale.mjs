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
import { counting, destroying, ME, openTime, payloadOf, rows, sweeping, visitors } from "./scale/measure.mjs";
import { makeProject } from "./scale/project.mjs";
import { fill, stores } from "./scale/stores.mjs";

const work = join(fileURLToPath(new URL("..", import.meta.url)), ".cache/bench-scale");
const SMALL = 1000;
/** How long requests are measured before the sweep, in milliseconds. */
const QUIET = 4000;

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
  try {
    results.push(await measure(name, stores[name]));
    print(results.slice(-1));
  } catch (error) {
    console.error(`  ${name}: ${error.stack}`);
  }
}
console.log(
  `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${new Date().toISOString().slice(0, 10)}`,
);
print(results);

async function measure(name, { service: serviceName, backend, use }) {
  const recipe = recipes.find((one) => one.name === serviceName);
  const service = recipe && (await startService(recipe));
  const folder = join(work, name);
  const context = { url: service?.url, folder };
  const closes = [() => service?.stop(), () => rmSync(folder, { recursive: true, force: true })];
  try {
    const { sessions, store, tag } = await makeProject(folder, backend(context));
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
    const counted = await counting(sessions, own.keys, mine);
    const destroyed = await destroying(sessions, mine);
    const row = { name, service, total: SMALL + mine + others, small, large, mine, ...counted, destroyed };
    if (store.sweep === undefined) return row;
    const wanted = Math.min(300_000, sessionsWanted * 0.3);
    const expire = () => fill(store, own, rows(wanted, { ...some, expired: true }), budget);
    await expire();
    await own.settle?.();
    row.sweep = await sweeping(sessions, cookies, QUIET);
    if (own.hold !== undefined) {
      await expire();
      await own.settle?.();
      const release = await own.hold();
      row.held = await sweeping(sessions, cookies, 0);
      await release();
    }
    return row;
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
      ({ processor: { count, scan } }) =>
        `${fixed(count, 1)} (${fixed(scan, 1)}${Number.isFinite(scan) ? `: ${fixed(count / scan, 1)}` : ""})`,
    ],
    ["destroyBy, ms", ({ destroyed }) => fixed(destroyed)],
    ["sweep, s", ({ sweep }) => sweep && `${fixed(sweep.time / 1000, 1)} of ${sweep.deleted}`],
    ["growth", ({ sweep }) => sweep && fixed(sweep.growth, 1)],
    [
      "p99, ms",
      ({ sweep }) =>
        sweep &&
        `${fixed(sweep.before, 1)} -> ${fixed(sweep.meanwhile, 1)} (${fixed(sweep.meanwhile / sweep.before, 1)})`,
    ],
    [
      "snapshot held",
      ({ held }) =>
        held && `${fixed(held.time / 1000, 1)} s of ${held.deleted}, growth ${fixed(held.growth, 1)}`,
    ],
  ];
  console.log(`| ${columns.map(([title]) => title).join(" | ")} |`);
  console.log(`|${columns.map(() => "---|").join("")}`);
  for (const row of list) console.log(`| ${columns.map(([, cell]) => cell(row) ?? "-").join(" | ")} |`);
}

function fixed(value, digits = 0) {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}
