import type { DriftCase } from "../drift.js";

/** `sessions` is the table, `app` the application's account, as the test names them. */
export const postgres: readonly DriftCase[] = [
  ["the table dropped", { given: ["DROP TABLE {table}"], want: ["missing-table"] }],
  [
    "a column dropped",
    { given: ["ALTER TABLE {table} DROP COLUMN by_user_id"], want: ["missing-column", "missing-index"] },
  ],
  [
    "another type of a column",
    { given: ["ALTER TABLE {table} ALTER version TYPE numeric"], want: ["column-type"] },
  ],
  [
    "the computed column made a plain one",
    { given: ["ALTER TABLE {table} ALTER expires_bucket DROP EXPRESSION"], want: ["column-type"] },
  ],
  [
    "the primary key dropped",
    { given: ["ALTER TABLE {table} DROP CONSTRAINT {table}_pkey"], want: ["primary-key"] },
  ],
  [
    "a unique index in place of the primary key",
    {
      given: ["ALTER TABLE {table} DROP CONSTRAINT {table}_pkey", "CREATE UNIQUE INDEX ON {table} (id)"],
      want: [],
    },
  ],
  [
    "a foreign column that must not be empty",
    { given: ["ALTER TABLE {table} ADD note text NOT NULL"], want: ["foreign-column"] },
  ],
  [
    "a foreign column with a default",
    { given: ["ALTER TABLE {table} ADD note text NOT NULL DEFAULT ''"], want: [] },
  ],
  [
    "row-level security without a policy",
    { given: ["ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"], want: ["row-security"] },
  ],
  [
    "row-level security with a policy for reading alone",
    {
      given: [
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY p ON {table} FOR SELECT USING (true)",
      ],
      want: ["row-security"],
    },
  ],
  [
    "row-level security with a policy for everything",
    {
      given: ["ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", "CREATE POLICY p ON {table} USING (true)"],
      want: [],
    },
  ],
  [
    "a trigger",
    {
      given: [
        "CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER noting BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION noted()",
      ],
      want: ["trigger"],
    },
  ],
  [
    "a rule",
    {
      given: ["CREATE RULE swallowing AS ON UPDATE TO {table} DO INSTEAD NOTHING"],
      want: ["trigger"],
    },
  ],
  ["a CHECK", { given: ["ALTER TABLE {table} ADD CHECK (length(payload) < 100)"], want: ["constraint"] }],
  [
    "a unique index on what sessions are found by",
    { given: ["CREATE UNIQUE INDEX ON {table} (by_user_id)"], want: ["unique-index"] },
  ],
  ["an index dropped", { given: ["DROP INDEX {table}_by_user_id"], want: ["missing-index"] }],
  [
    "an index with another predicate",
    {
      given: [
        "DROP INDEX {table}_by_user_id",
        "CREATE INDEX ON {table} (by_user_id, id) WHERE by_user_id > 'm'",
      ],
      want: ["missing-index"],
    },
  ],
  [
    "an index of another kind",
    {
      given: ["DROP INDEX {table}_expires_bucket", "CREATE INDEX ON {table} USING brin (expires_bucket)"],
      want: ["missing-index"],
    },
  ],
  [
    "an index without a predicate",
    { given: ["DROP INDEX {table}_by_user_id", "CREATE INDEX ON {table} (by_user_id, id)"], want: [] },
  ],
  ["UNLOGGED", { given: ["ALTER TABLE {table} SET UNLOGGED"], want: ["table-settings"] }],
  [
    "autovacuum off",
    { given: ["ALTER TABLE {table} SET (autovacuum_enabled = off)"], want: ["autovacuum-off"] },
  ],
  ["another fillfactor", { given: ["ALTER TABLE {table} SET (fillfactor = 90)"], want: [] }],
  [
    "a read-only account",
    { given: ["ALTER ROLE {app} SET default_transaction_read_only = on"], want: ["read-only"] },
  ],
  ...["SELECT", "INSERT", "UPDATE", "DELETE"].map(
    (right): DriftCase => [
      `${right} revoked`,
      { given: [`REVOKE ${right} ON {table} FROM {app}`], want: ["missing-permission"] },
    ],
  ),
  [
    "permissions by column",
    {
      given: [
        "REVOKE INSERT, UPDATE ON {table} FROM {app}",
        "GRANT INSERT (id, payload, version, expires_at, by_user_id), UPDATE (id, payload, version, expires_at, by_user_id) ON {table} TO {app}",
      ],
      want: [],
    },
  ],
  [
    "permissions by column, one of them missing",
    {
      given: [
        "REVOKE UPDATE ON {table} FROM {app}",
        "GRANT UPDATE (id, payload, version, expires_at) ON {table} TO {app}",
      ],
      want: ["missing-permission"],
    },
  ],
  ["the ledger hidden", { given: ["REVOKE SELECT ON sessgen_migrations FROM {app}"], want: ["not-checked"] }],
  [
    "an index that was left invalid",
    {
      given: ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{table}_by_user_id'::regclass"],
      want: ["missing-index"],
    },
  ],
  [
    "a primary key that is deferrable, which no upsert takes",
    {
      given: [
        "ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
        "ALTER TABLE {table} ADD PRIMARY KEY (id) DEFERRABLE",
      ],
      want: ["primary-key"],
    },
  ],
  [
    "the ids compared by a language",
    {
      given: ['ALTER TABLE {table} ALTER id TYPE text COLLATE "default"'],
      want: ["column-type"],
    },
  ],
  [
    "another expression of the computed column",
    {
      given: [
        "ALTER TABLE {table} DROP COLUMN expires_bucket",
        "ALTER TABLE {table} ADD expires_bucket bigint GENERATED ALWAYS AS (expires_at / 60000) STORED",
        "CREATE INDEX {table}_expires_bucket ON {table} (expires_bucket)",
      ],
      want: ["column-type"],
    },
  ],
  [
    "a foreign key",
    {
      given: [
        "CREATE TABLE IF NOT EXISTS {table}_users (id text PRIMARY KEY)",
        "ALTER TABLE {table} ADD FOREIGN KEY (by_user_id) REFERENCES {table}_users",
      ],
      want: ["constraint"],
    },
  ],
  [
    "an exclusion",
    {
      given: ["ALTER TABLE {table} ADD EXCLUDE (by_user_id WITH =)"],
      want: ["constraint"],
    },
  ],
];
