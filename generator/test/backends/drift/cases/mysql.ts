import type { DriftCase } from "../drift.js";

/** `{table}` is the table, `{app}` the application's account, as the test names them. */
export const mysql: readonly DriftCase[] = [
  ["the table dropped", { given: ["DROP TABLE {table}"], want: ["missing-table"] }],
  [
    "a column dropped",
    { given: ["ALTER TABLE {table} DROP COLUMN by_user_id"], want: ["missing-column", "missing-index"] },
  ],
  [
    "another type of a column",
    { given: ["ALTER TABLE {table} MODIFY version DECIMAL(20) NOT NULL"], want: ["column-type"] },
  ],
  ["the primary key dropped", { given: ["ALTER TABLE {table} DROP PRIMARY KEY"], want: ["primary-key"] }],
  [
    "a primary key of a part of the id",
    { given: ["ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY (id(20))"], want: ["primary-key"] },
  ],
  [
    "a foreign column that must not be empty",
    { given: ["ALTER TABLE {table} ADD note VARCHAR(9) NOT NULL"], want: ["foreign-column"] },
  ],
  [
    "a foreign column with a default",
    { given: ["ALTER TABLE {table} ADD note VARCHAR(9) NOT NULL DEFAULT ''"], want: [] },
  ],
  [
    "a CHECK",
    {
      given: ["ALTER TABLE {table} ADD CONSTRAINT small CHECK (LENGTH(payload) < 100)"],
      want: ["constraint"],
    },
  ],
  [
    "a CHECK of a column",
    {
      given: ["ALTER TABLE {table} MODIFY version BIGINT NOT NULL CHECK (version > 0)"],
      want: ["constraint"],
    },
  ],
  [
    "a unique index on what sessions are found by",
    { given: ["CREATE UNIQUE INDEX one ON {table} (by_user_id)"], want: ["unique-index"] },
  ],
  ["an index dropped", { given: ["DROP INDEX by_user_id ON {table}"], want: ["missing-index"] }],
  [
    "an index that is ignored",
    { given: ["ALTER TABLE {table} ALTER INDEX by_user_id {ignored}"], want: ["missing-index"] },
  ],
  [
    "an index of a prefix",
    {
      given: ["ALTER TABLE {table} DROP INDEX by_user_id, ADD INDEX by_user_id (by_user_id(4))"],
      want: ["missing-index"],
    },
  ],
  ["another engine", { given: ["ALTER TABLE {table} ENGINE = MyISAM"], want: ["table-engine"] }],
  [
    "a trigger, where the account may see it",
    {
      given: [
        "CREATE TRIGGER noting BEFORE INSERT ON {table} FOR EACH ROW SET NEW.version = 1",
        "GRANT TRIGGER ON {table} TO {app}",
      ],
      want: ["trigger"],
    },
  ],
  ["a read-only server", { given: ["SET GLOBAL read_only = ON"], want: ["read-only"] }],
  ...["INSERT", "UPDATE", "DELETE"].map(
    (right): DriftCase => [
      `${right} revoked`,
      { given: [`REVOKE ${right} ON {table} FROM {app}`], want: ["missing-permission"] },
    ],
  ),
  [
    "SELECT revoked, without which nothing is updated or deleted by a key, either",
    {
      given: ["REVOKE SELECT ON {table} FROM {app}"],
      want: ["missing-permission", "missing-permission", "missing-permission"],
    },
  ],
  [
    "permissions by column",
    {
      given: [
        "REVOKE UPDATE ON {table} FROM {app}",
        "GRANT UPDATE (payload, version, expires_at, by_user_id) ON {table} TO {app}",
      ],
      want: [],
    },
  ],
  ["the ledger hidden", { given: ["REVOKE SELECT ON sessgen_migrations FROM {app}"], want: ["not-checked"] }],
  [
    "ids compared without case",
    {
      given: [
        "ALTER TABLE {table} MODIFY id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL",
      ],
      want: ["column-type"],
    },
  ],
  [
    "a computed column in place of one that is written",
    {
      given: ["ALTER TABLE {table} DROP COLUMN version, ADD version BIGINT AS (1) STORED"],
      want: ["column-type"],
    },
  ],
];
