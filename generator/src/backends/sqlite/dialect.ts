import { type Dialect, indexColumns } from "../sql/dialect.js";

/** SQLite 3.35 or later: upserts, and columns that can be dropped. */
export const sqlite: Dialect = {
  name: "sqlite",
  toolName: "sqlite",
  anyType: "TEXT",
  atomic: "all",
  table: ({ name, indexes }) => ({
    name,
    columns: [
      { name: "id", type: "TEXT", primaryKey: true },
      { name: "payload", type: "BLOB" },
      { name: "version", type: "INTEGER" },
      { name: "expires_at", type: "INTEGER" },
      ...indexColumns(indexes, { integer: "INTEGER", text: "TEXT" }),
    ],
    indexes: [
      { name: `${name}_expires_at`, columns: ["expires_at"] },
      ...indexes.map((index) => ({
        name: `${name}_by_${index.name}`,
        // With the id, so that a lookup reads its pages in order.
        columns: [`by_${index.name}`, "id"],
        notNull: `by_${index.name}`,
      })),
    ],
  }),
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
};
