// What the form of PostgreSQL's table costs: every variant gets the same sessions and the same
// writes. `POSTGRES_URL=postgres://… npm run bench -- postgres`, on a server nobody else uses.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { start } from "../services/start.ts";

const SESSIONS = 100_000;
const WRITES = 150_000;
const CLIENTS = 4;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const columns =
  'id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL';
const lookup = "CREATE INDEX ON bench_sessions (by_user, id) WHERE by_user IS NOT NULL";
const table = (extra, settings, index) =>
  `CREATE TABLE bench_sessions (${columns}${extra}, by_user text) WITH (${settings}); ${index}; ${lookup}`;
const bucket = (size) => `, expires_bucket bigint GENERATED ALWAYS AS (expires_at / ${size}) STORED`;

/** What may be in the table's place. */
const variants = {
  expires_at: table("", "fillfactor = 100", "CREATE INDEX ON bench_sessions (expires_at)"),
  "expires_at, fillfactor 80": table("", "fillfactor = 80", "CREATE INDEX ON bench_sessions (expires_at)"),
  "BRIN, fillfactor 80": table(
    "",
    "fillfactor = 80",
    "CREATE INDEX ON bench_sessions USING brin (expires_at)",
  ),
  "minute, fillfactor 80": table(
    bucket(MINUTE),
    "fillfactor = 80",
    "CREATE INDEX ON bench_sessions (expires_bucket)",
  ),
  "ten minutes, fillfactor 80": table(
    bucket(10 * MINUTE),
    "fillfactor = 80",
    "CREATE INDEX ON bench_sessions (expires_bucket)",
  ),
  "hour, fillfactor 80": table(
    bucket(HOUR),
    "fillfactor = 80",
    "CREATE INDEX ON bench_sessions (expires_bucket)",
  ),
  "none, fillfactor 80": table("", "fillfactor = 80", "SELECT"),
};
