/** How a type of SQL is written with Drizzle. */
interface DrizzleType {
  /** What makes the column, of the module of the dialect; absent: a type of the user's own. */
  readonly maker?: string;
  /** What is handed to it after the name. */
  readonly options?: string;
  /** What a value is in TypeScript, where the type is the user's own. */
  readonly data?: string;
  /** As Drizzle has it in its snapshots. */
  readonly sql: string;
}

const known: Readonly<Record<string, DrizzleType>> = {
  text: { maker: "text", sql: "text" },
  // `drizzle-kit push` sees no collations, and would set this one with each run.
  'text COLLATE "C"': { maker: "text", sql: "text" },
  bytea: { data: "Uint8Array", sql: "bytea" },
  bigint: { maker: "bigint", options: '{ mode: "number" }', sql: "bigint" },
  TEXT: { maker: "text", sql: "text" },
  BLOB: { maker: "blob", options: '{ mode: "buffer" }', sql: "blob" },
  INTEGER: { maker: "integer", sql: "integer" },
  BIGINT: { maker: "bigint", options: '{ mode: "number" }', sql: "bigint" },
  LONGBLOB: { data: "Uint8Array", sql: "longblob" },
};

/** Gives the type of a column as Drizzle has it. */
export function drizzleType(type: string): DrizzleType {
  // A type of our own, as Drizzle's varbinary is for text.
  const sql = /^VARBINARY/.test(type) ? type.toLowerCase() : type;
  return known[type] ?? { data: sql === type ? "string" : "Uint8Array", sql };
}
