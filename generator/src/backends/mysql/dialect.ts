import { type Dialect, indexColumns } from "../sql/dialect.js";

/**
 * MySQL 8.4 or later and MariaDB 10.6 or later. Tables are those of the connection's database,
 * which may come from `env()`.
 */
export const mysql: Dialect = {
  name: "mysql",
  toolName: "mysql",
  anyType: "VARBINARY(255)",
  atomic: "statement",
  accounts: true,
  table: ({ name, indexes }) => ({
    name,
    columns: [
      // Bytes, as every collation takes some different texts for equal.
      { name: "id", type: "VARBINARY(767)", primaryKey: true },
      { name: "payload", type: "LONGBLOB" },
      { name: "version", type: "BIGINT" },
      { name: "expires_at", type: "BIGINT" },
      ...indexColumns(indexes, { integer: "BIGINT", text: "VARBINARY(255)" }),
    ],
    indexes: [
      // InnoDB's indexes have the primary key at their end: this one has all that a sweep looks
      // for, and the next ones the order in which a lookup reads its pages.
      { name: "expires_at", columns: ["expires_at"] },
      ...indexes.map((index) => ({ name: `by_${index.name}`, columns: [`by_${index.name}`] })),
    ],
  }),
  quote: (name) => `\`${name.replaceAll("`", "``")}\``,
};
