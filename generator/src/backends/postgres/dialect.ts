import { createHash } from "node:crypto";
import { type Dialect, indexColumns, type TableRequest } from "../sql/dialect.js";
import type { Column, Table } from "../sql/snapshot.js";

/**
 * As many milliseconds count as one for the index that expired sessions are found by. A session in
 * use ends later with every request: were that indexed, each update would have to enter the row
 * into every index anew. As `expires_bucket` seldom changes, nearly all of them are HOT; that is
 * measured in bench/README.md. The store computes it, too: `stores/postgres/statements.ts`.
 */
const BUCKET = 600_000;

/**
 * Room on each page for the new form of a row, beside the old one; and autovacuum, which by default
 * waits for a fifth of the table, where rows go all the time.
 */
const settings = {
  fillfactor: 80,
  autovacuum_vacuum_scale_factor: 0.02,
  autovacuum_analyze_scale_factor: 0.05,
  "toast.autovacuum_vacuum_scale_factor": 0.02,
} as const;

/** PostgreSQL 13 or later. */
export const postgres: Dialect = {
  name: "postgres",
  toolName: "postgresql",
  questionMarks: true,
  anyType: "text",
  atomic: "tables",
  accounts: true,
  table,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
};

function table({ name, options, indexes }: TableRequest): Table {
  const { schema, layout, unlogged } = options;
  return {
    name,
    ...(typeof schema === "string" && { schema }),
    ...(unlogged === true && { unlogged }),
    settings,
    columns: [
      ...keyColumns(layout),
      { name: "payload", type: "bytea" },
      { name: "version", type: "bigint" },
      { name: "expires_at", type: "bigint" },
      { name: "expires_bucket", type: "bigint", generated: `expires_at / ${BUCKET}` },
      ...indexColumns(indexes, { integer: "bigint", text: "text" }),
    ],
    indexes: [
      { name: fit(`${name}_expires_bucket`), columns: ["expires_bucket"] },
      ...indexes.map((index) => ({
        name: fit(`${name}_by_${index.name}`),
        // With the id, so that a lookup reads its pages in order.
        columns: [`by_${index.name}`, "id"],
        notNull: `by_${index.name}`,
      })),
    ],
  };
}

/** The order of bytes: the same in every locale, and the fastest to compare. */
const id = { name: "id", type: 'text COLLATE "C"' } as const;

function keyColumns(layout: unknown): readonly Column[] {
  if (layout !== "identity") return [{ ...id, primaryKey: true }];
  return [
    { name: "row_id", type: "bigint", primaryKey: true, identity: true },
    { ...id, unique: true },
  ];
}

/** PostgreSQL cuts longer names off, and two tables may share their first 63 bytes. */
function fit(name: string): string {
  if (Buffer.byteLength(name) <= 63) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  let cut = name;
  while (Buffer.byteLength(cut) > 63 - 9) cut = [...cut].slice(0, -1).join("");
  return `${cut}_${hash}`;
}
