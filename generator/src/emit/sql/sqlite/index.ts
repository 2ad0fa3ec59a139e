import type { Dialect } from "../dialect.js";

/** SQLite 3.24 or later (upserts). */
export const sqlite: Dialect = {
  name: "sqlite",
  table: (name) => ({
    name,
    columns: [
      { name: "id", type: "TEXT", primaryKey: true },
      { name: "payload", type: "BLOB" },
      { name: "version", type: "INTEGER" },
      { name: "expires_at", type: "INTEGER" },
    ],
    indexes: [{ name: `${name}_expires_at`, columns: ["expires_at"] }],
  }),
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
};
