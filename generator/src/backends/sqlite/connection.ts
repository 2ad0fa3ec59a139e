import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import { SessgenError } from "../../errors.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";

/**
 * Opens the database file of a target.
 * @param make - make the file, and its folder, unless it is there
 * @returns nothing when there is no file and none is to be made: looking must not bring a database
 *   into being
 * @throws SessgenError `backend/unavailable` when it cannot be opened; `migrate/failed` without a
 *   driver
 */
export async function openSqliteFile(
  { config, options }: Target,
  make: boolean,
): Promise<SqliteDatabase | undefined> {
  const given = String(options["file"]);
  const file = given === ":memory:" ? given : resolve(config.root, given);
  if (!make && !existsSync(file)) return undefined;
  const Database = await driverOf(config.root);
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const database = new Database(file);
    database.exec("PRAGMA busy_timeout = 5000");
    return database;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SessgenError("migrate/failed", `${given} cannot be opened: ${message}`, {
      where: { file: given },
      cause,
    });
  }
}

type Driver = new (file: string) => SqliteDatabase;

/** Node's own, from 22.5 on; otherwise what the user has installed. */
async function driverOf(root: string): Promise<Driver> {
  // Not a constant: older Nodes and their types do not know it.
  const builtin: string = "node:sqlite";
  const own = await import(builtin).catch(() => undefined);
  const found =
    own?.DatabaseSync ?? (await importDriver(root, "better-sqlite3")) ?? (await importDriver(root, "libsql"));
  if (found === undefined) throw missingDriver("libsql", "better-sqlite3");
  return found as Driver;
}
