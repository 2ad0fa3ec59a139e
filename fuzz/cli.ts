// `npm run fuzz -- --cases 1000000 [--seed 1] [--from 0]`: hostile cookies and payloads against the
// built runtime. Fails when an attack succeeds, a case does not end, or memory grows. A case that
// failed is run again alone by `--from N --cases 1`.
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { fuzz } from "./run.js";

/** More bytes at the end than after a tenth of the cases: something is kept. */
const GROWTH = 16 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});
const [cases, seed, from] = [Number(values.cases), Number(values.seed), Number(values.from)];
const started = performance.now();
const current = watched();
const report = await fuzz({
  cases,
  seed,
  from,
  ...(globalThis.gc === undefined ? {} : { collect: globalThis.gc }),
  onCase(number) {
    Atomics.store(current, 0, number);
    if (number % 100_000 === 0 && number > from) console.log(`${number} …`);
  },
});
for (const [name, count] of report.cases) console.log(`${String(count).padStart(9)}  ${name}`);
const { before, after } = report.heap;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`No attack succeeded, in ${seconds} s`);
console.log(`In use: ${megabytes(before)} after a tenth of the cases, ${megabytes(after)} at the end`);
if (globalThis.gc !== undefined && cases >= 10_000 && after - before > GROWTH) {
  console.error("Memory has grown");
  process.exitCode = 1;
}

/**
 * Where the number of the case is written. A thread of its own looks whether it changes: a case
 * that hangs lets no timer run here.
 */
function watched(): Int32Array {
  const shared = new SharedArrayBuffer(4);
  const watch = `
    const { workerData: { shared, seed } } = require("node:worker_threads");
    const current = new Int32Array(shared);
    let [last, seconds] = [-1, 0];
    setInterval(() => {
      const number = Atomics.load(current, 0);
      seconds = number === last ? seconds + 1 : 0;
      last = number;
      if (seconds < 20) return;
      require("node:fs").writeSync(2, \`Case \${number} of seed \${seed} does not end\\n\`);
      process.kill(process.pid, "SIGKILL");
    }, 1000);`;
  new Worker(watch, { eval: true, execArgv: [], workerData: { shared, seed } }).unref();
  return new Int32Array(shared);
}
