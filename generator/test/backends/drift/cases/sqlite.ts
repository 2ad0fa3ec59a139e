import type { DriftCase } from "../drift.js";

export const sqlite: readonly DriftCase[] = [
  ["the table dropped", { given: ["DROP TABLE sessions"], want: ["missing-table"] }],
  [
    "a column dropped",
    {
      given: ["DROP INDEX sessions_by_user_id", "ALTER TABLE sessions DROP COLUMN by_user_id"],
      want: ["missing-column", "missing-index"],
    },
  ],
  [
    "the table copied without its key and its indexes",
    {
      given: [
        "CREATE TABLE copied (id TEXT NOT NULL, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT)",
        "DROP TABLE sessions",
        "ALTER TABLE copied RENAME TO sessions",
      ],
      want: ["missing-index", "missing-index", "primary-key"],
    },
  ],
  [
    "a foreign column that must not be empty",
    {
      given: [
        "CREATE TABLE copied (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT, note TEXT NOT NULL)",
        "DROP TABLE sessions",
        "ALTER TABLE copied RENAME TO sessions",
        "CREATE INDEX a ON sessions (expires_at)",
        "CREATE INDEX b ON sessions (by_user_id, id)",
      ],
      want: ["foreign-column"],
    },
  ],
  ["an index dropped", { given: ["DROP INDEX sessions_by_user_id"], want: ["missing-index"] }],
  [
    "an index with another predicate",
    {
      given: [
        "DROP INDEX sessions_by_user_id",
        "CREATE INDEX other ON sessions (by_user_id, id) WHERE by_user_id > 'm'",
      ],
      want: ["missing-index"],
    },
  ],
  [
    "the same index, written in another way",
    {
      given: [
        "DROP INDEX sessions_by_user_id",
        "create index other on sessions (by_user_id, id) where (by_user_id is not null)",
      ],
      want: [],
    },
  ],
  [
    "a unique index on what sessions are found by",
    { given: ["CREATE UNIQUE INDEX one ON sessions (by_user_id)"], want: ["unique-index"] },
  ],
  [
    "a trigger",
    {
      given: ["CREATE TRIGGER noting BEFORE INSERT ON sessions BEGIN SELECT RAISE(IGNORE); END"],
      want: ["trigger"],
    },
  ],
  [
    "a CHECK",
    {
      given: [
        "CREATE TABLE copied (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL CHECK (length(payload) < 100), version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT)",
        "DROP TABLE sessions",
        "ALTER TABLE copied RENAME TO sessions",
        "CREATE INDEX a ON sessions (expires_at)",
        "CREATE INDEX b ON sessions (by_user_id, id)",
      ],
      want: ["constraint"],
    },
  ],
  [
    "the word CHECK in a comment and in a name",
    {
      given: [
        'CREATE TABLE copied (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT, "check (x)" TEXT /* CHECK (no) */)',
        "DROP TABLE sessions",
        "ALTER TABLE copied RENAME TO sessions",
        "CREATE INDEX a ON sessions (expires_at)",
        "CREATE INDEX b ON sessions (by_user_id, id)",
      ],
      want: [],
    },
  ],
  [
    "a foreign key",
    {
      given: [
        "CREATE TABLE users (id TEXT PRIMARY KEY)",
        "CREATE TABLE copied (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT REFERENCES users (id))",
        "DROP TABLE sessions",
        "ALTER TABLE copied RENAME TO sessions",
        "CREATE INDEX a ON sessions (expires_at)",
        "CREATE INDEX b ON sessions (by_user_id, id)",
      ],
      want: ["constraint"],
    },
  ],
];
