// What the form of PostgreSQL's table costs a writing request: every form gets the same sessions
// and the same writes. On a server that nobody else uses:
// `POSTGRES_URL=postgres://… npm run bench -- postgres`
import pg from "pg";

const SESSIONS = 100_000;
const WRITES = 100_000;
const CONNECTIONS = 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Any time will do: nothing here asks for the present one. */
const BEGIN = 1_800_000_000_000;

/** What expired sessions are found by, and how full a page is. */
const forms = {
  "an index of expires_at": { fillfactor: 100, index: "btree (expires_at)" },
  "the same, fillfactor 80": { fillfactor: 80, index: "btree (expires_at)" },
  "BRIN, fillfactor 80": { fillfactor: 80, index: "brin (expires_at)" },
  "by the minute, fillfactor 80": { fillfactor: 80, bucket: MINUTE },
  "by ten minutes, fillfactor 80": { fillfactor: 80, bucket: 10 * MINUTE },
  "by the hour, fillfactor 80": { fillfactor: 80, bucket: HOUR },
  "no index, fillfactor 80": { fillfactor: 80 },
};

const url = process.env.POSTGRES_URL;
if (url === undefined) console.log("postgres: set POSTGRES_URL to a server that nobody else uses");
else await measureAll(url);

async function measureAll(connectionString) {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS + 1 });
  const query = async (text, values) => (await pool.query(text, values)).rows;
  console.log("| | writes/s | HOT | WAL/write | table | indexes |\n|---|---|---|---|---|---|");
  for (const [name, form] of Object.entries(forms)) {
    await fill(query, form);
    console.log(`| ${name} | ${(await measure(pool, query)).join(" | ")} |`);
  }
  await query("DROP TABLE bench_sessions");
  await pool.end();
}

async function fill(query, { fillfactor, bucket, index = bucket && "btree (bucket)" }) {
  await query("DROP TABLE IF EXISTS bench_sessions");
  const computed = bucket && `bucket bigint GENERATED ALWAYS AS (expires_at / ${bucket}) STORED,`;
  await query(
    `CREATE TABLE bench_sessions (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, ${computed ?? ""} by_user text) WITH (fillfactor = ${fillfactor}, autovacuum_vacuum_scale_factor = 0.02)`,
  );
  if (index !== undefined) await query(`CREATE INDEX ON bench_sessions USING ${index}`);
  await query("CREATE INDEX ON bench_sessions (by_user, id) WHERE by_user IS NOT NULL");
  await query(
    `INSERT INTO bench_sessions (id, payload, version, expires_at, by_user) SELECT md5(n::text) || md5((n + 1)::text), decode(repeat(md5(n::text), 18), 'hex'), n, $1::bigint + ${HOUR / 2} + (n * 7919) % ${HOUR}, 'u' || n % ${SESSIONS / 2} FROM generate_series(0, ${SESSIONS - 1}) n`,
    [BEGIN],
  );
  await query("VACUUM ANALYZE bench_sessions");
  await query("CHECKPOINT");
  await query("SELECT pg_stat_reset()");
}

/** Each session is written about once a minute, and then ends so much later. */
async function measure(pool, query) {
  const [{ lsn }] = await query("SELECT pg_current_wal_insert_lsn() AS lsn");
  const text = `UPDATE bench_sessions SET payload = decode(repeat(md5($1::text), 18), 'hex'), version = $1::bigint, expires_at = $2, by_user = 'u' || $3::bigint % ${SESSIONS / 2} WHERE id = md5($3::text) || md5(($3::bigint + 1)::text) AND expires_at > $4`;
  let written = 0;
  const began = performance.now();
  const work = async () => {
    const client = await pool.connect();
    while (written < WRITES) {
      const number = written++;
      const session = (number * 48_271) % SESSIONS;
      const now = BEGIN + Math.floor((number / SESSIONS) * MINUTE);
      const expires = now + HOUR / 2 + ((session * 7919) % HOUR);
      await client.query({
        name: "write",
        text,
        values: [number + SESSIONS, expires, session, now].map(String),
      });
    }
    client.release();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const seconds = (performance.now() - began) / 1000;
  const [{ wal }] = await query("SELECT pg_current_wal_insert_lsn() - $1::pg_lsn AS wal", [lsn]);
  // The server counts what a connection did when it has been idle for a second.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [row] = await query(
    "SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot, pg_size_pretty(pg_relation_size(relid)) AS table, pg_size_pretty(pg_indexes_size(relid)) AS indexes FROM pg_stat_user_tables WHERE relname = 'bench_sessions'",
  );
  const hot = `${Math.round((100 * row.hot) / row.updates)} %`;
  return [Math.round(WRITES / seconds), hot, `${Math.round(wal / WRITES)} B`, row.table, row.indexes];
}
