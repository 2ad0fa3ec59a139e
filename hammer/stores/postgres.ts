import { postgresStore } from "../../runtime/src/stores/postgres/index.js";
import type { HammerStore } from "./store.js";

export const postgres: HammerStore = {
  service: "postgres",
  make: ({ url, name }) =>
    run(
      url,
      `CREATE TABLE ${name} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, expires_bucket bigint GENERATED ALWAYS AS (expires_at / 600000) STORED, by_label text); CREATE INDEX ON ${name} (by_label)`,
    ),
  drop: ({ url, name }) => run(url, `DROP TABLE ${name}`),
  open: ({ url, name }, options) => postgresStore({ url, table: name, ...options }),
};

async function run(url: string, sql: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
