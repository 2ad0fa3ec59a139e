import { SessionError } from "../../errors.js";

/** A row, by column. */
export type SqliteRow = Readonly<Record<string, unknown>>;

/** A prepared statement. */
export interface SqliteStatement {
  get(...parameters: readonly SqliteValue[]): SqliteRow | undefined;
  all(...parameters: readonly SqliteValue[]): readonly SqliteRow[];
  run(...parameters: readonly SqliteValue[]): { readonly changes: number | bigint };
}

/** What is bound to a statement. */
export type SqliteValue = string | number | Uint8Array | null;

/** What `node:sqlite`, better-sqlite3 and libsql have in common. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** The drivers, in the order in which they are tried. */
export const sqliteDrivers = ["node:sqlite", "better-sqlite3", "libsql"] as const;

/** One of {@link sqliteDrivers}. */
export type SqliteDriver = (typeof sqliteDrivers)[number];

/**
 * Opens a database with the first driver there is: Node's own from 22.5 on, otherwise one that the
 * application has installed.
 *
 * @throws SessionError `store/missing-driver` when there is none; whatever the driver throws when
 *   it cannot open the file
 */
export async function openSqlite(file: string, driver?: SqliteDriver): Promise<SqliteDatabase> {
  const causes: unknown[] = [];
  for (const name of driver === undefined ? sqliteDrivers : [driver]) {
    const open = await load(name, causes);
    if (open !== undefined) return open(file);
  }
  throw new SessionError(
    "store/missing-driver",
    `No SQLite driver could be loaded (${driver ?? sqliteDrivers.join(", ")})`,
    { cause: new AggregateError(causes, "Why each driver could not be loaded") },
  );
}

/**
 * What opens a database; without it, why the driver cannot be loaded stands in `causes`: it may be
 * installed and broken.
 */
async function load(
  driver: SqliteDriver,
  causes: unknown[],
): Promise<((file: string) => SqliteDatabase) | undefined> {
  let module: Readonly<Record<string, unknown>>;
  try {
    // Not a constant: bundlers must not look for drivers the application does not have.
    module = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ driver as string);
  } catch (cause) {
    causes.push(cause);
    return undefined;
  }
  const Database = (driver === "node:sqlite" ? module["DatabaseSync"] : module["default"]) as
    | (new (
        file: string,
      ) => SqliteDatabase)
    | undefined;
  return Database && ((file) => new Database(file));
}
