// What requests feel of a migration that waits behind a long transaction on PostgreSQL: as it was
// (2 s, then half a second), and as it is (150 ms, then pauses that grow; sql/retried.ts).
// `POSTGRES_URL=postgres://… npm run bench -- locks`
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const READS_FOR = 16_000;
const ways = {
  "2 s, then 0.5 s": { timeout: 2000, pause: () => 500 },
  "150 ms, then 0.1 s, growing to 5 s": {
    timeout: 150,
    pause: (tries) => Math.min(100 * 1.6 ** tries, 5000),
  },
};

const url = process.env.POSTGRES_URL;
if (url === undefined) console.log("locks: set POSTGRES_URL to a server that nobody else uses");
else {
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  console.log("| | requests | p50 | p99 | longest | done after |\n|---|---|---|---|---|---|");
  for (const [name, way] of Object.entries(ways))
    console.log(`| ${name} | ${(await measure(pool, way)).join(" | ")} |`);
  await pool.query("DROP TABLE bench_locks");
  await pool.end();
}

async function measure(pool, way) {
  await pool.query(
    "DROP TABLE IF EXISTS bench_locks; CREATE TABLE bench_locks (id int PRIMARY KEY, n int); INSERT INTO bench_locks SELECT g, 0 FROM generate_series(1, 1000) g",
  );
  const reader = await pool.connect();
  await reader.query("BEGIN");
  await reader.query("SELECT count(*) FROM bench_locks");
  const over = sleep(READS_FOR).then(() => reader.query("COMMIT"));
  const times = [];
  const stop = new AbortController();
  const requests = Array.from({ length: 4 }, () => request(pool, times, stop.signal));
  const began = performance.now();
  await migrate(pool, way);
  const took = performance.now() - began;
  stop.abort();
  await Promise.all([over, ...requests]);
  reader.release();
  times.sort((one, other) => one - other);
  const at = (share) => `${Math.round(times[Math.floor((times.length - 1) * share)])} ms`;
  return [times.length, at(0.5), at(0.99), at(1), `${(took / 1000).toFixed(1)} s`];
}

async function request(pool, times, signal) {
  for (let number = 0; !signal.aborted; number += 1) {
    const began = performance.now();
    await pool.query("UPDATE bench_locks SET n = n + 1 WHERE id = $1", [1 + (number % 1000)]);
    times.push(performance.now() - began);
    await sleep(20);
  }
}

async function migrate(pool, { timeout, pause }) {
  const client = await pool.connect();
  for (let tries = 0; ; tries += 1) {
    try {
      await client.query(
        `BEGIN; SET LOCAL lock_timeout = '${timeout}ms'; ALTER TABLE bench_locks ADD x text; COMMIT`,
      );
      break;
    } catch (error) {
      await client.query("ROLLBACK");
      if (error.code !== "55P03") throw error;
      await sleep(pause(tries));
    }
  }
  client.release();
}
