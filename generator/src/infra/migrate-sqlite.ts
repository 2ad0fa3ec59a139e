import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import type { Migration } from "../emit/sql/history.js";
import { SessgenError } from "../errors.js";

/** Where applied migrations are written down, with the checksum of what was applied. */
const LEDGER = "sessgen_migrations";

/** What {@link migrateSqlite} can be told. */
export interface MigrateOptions {
  /** The config's folder: a relative database file is relative to it. */
  readonly root: string;
  readonly file: string;
  readonly migrations: readonly Migration[];
  /** Only say what would be applied. */
  readonly dryRun?: boolean;
  /** Undo the last applied migration instead. */
  readonly down?: boolean;
}

/**
 * Applies what is pending, each migration in a transaction with its entry in the ledger. Two at once do no harm: the second
 * waits for the first one's lock and finds nothing pending.
 *
 * @returns the names of what was applied, or undone
 * @throws SessgenError `migrate/changed` when an applied migration is not what it was; `migrate/failed` with SQLite's words
 */
export async function migrateSqlite(options: MigrateOptions): Promise<readonly string[]> {
  const { openSqlite } = await import("@sessgen/runtime/sqlite-driver");
  const file = options.file === ":memory:" ? options.file : resolve(options.root, options.file);
  // Looking must not bring a database into being.
  if (options.dryRun && !existsSync(file))
    return options.down ? [] : options.migrations.map(({ name }) => name);
  let database: SqliteDatabase | undefined;
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    database = await openSqlite(file);
    database.exec("PRAGMA busy_timeout = 5000");
    return options.down ? undoLast(database, options) : applyPending(database, options);
  } catch (cause) {
    if (cause instanceof SessgenError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SessgenError("migrate/failed", `${options.file} cannot be migrated: ${message}`, {
      where: { file: options.file },
      cause,
    });
  } finally {
    database?.close();
  }
}

function applyPending(database: SqliteDatabase, { migrations, dryRun }: MigrateOptions): string[] {
  if (dryRun) return pending(database, migrations).map(({ name }) => name);
  const applied: string[] = [];
  const writeLedger = `CREATE TABLE IF NOT EXISTS ${LEDGER} (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)`;
  database.exec(writeLedger);
  for (;;) {
    // IMMEDIATE takes the write lock before looking at what is pending, so that nobody else can apply it in between.
    const name = transaction(database, () => {
      const [next] = pending(database, migrations);
      if (next === undefined) return undefined;
      database.exec(next.up);
      database
        .prepare(`INSERT INTO ${LEDGER} (name, checksum, applied_at) VALUES (?, ?, ?)`)
        .run(next.name, checksum(next), new Date().toISOString());
      return next.name;
    });
    if (name === undefined) return applied;
    applied.push(name);
  }
}

function undoLast(database: SqliteDatabase, { migrations, dryRun }: MigrateOptions): string[] {
  const name = transaction(database, () => {
    pending(database, migrations);
    const last = migrations.findLast((migration) => ledger(database).has(migration.name));
    if (last === undefined || dryRun) return last?.name;
    database.exec(last.down);
    database.prepare(`DELETE FROM ${LEDGER} WHERE name = ?`).run(last.name);
    return last.name;
  });
  return name === undefined ? [] : [name];
}

function pending(database: SqliteDatabase, migrations: readonly Migration[]): readonly Migration[] {
  const applied = ledger(database);
  for (const name of applied.keys()) {
    if (migrations.some((migration) => migration.name === name)) continue;
    throw new SessgenError("migrate/changed", `${name} is applied and no longer among the migrations`, {
      where: { file: name },
    });
  }
  for (const migration of migrations) {
    const known = applied.get(migration.name);
    if (known === undefined || known === checksum(migration)) continue;
    throw new SessgenError("migrate/changed", `${migration.name} was changed after it had been applied`, {
      where: { file: migration.name },
    });
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/** Applied migrations and their checksums; nothing when there is no ledger yet. */
function ledger(database: SqliteDatabase): Map<string, string> {
  const exists = database
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
    .get(LEDGER);
  if (exists === undefined) return new Map();
  const rows = database.prepare(`SELECT name, checksum FROM ${LEDGER}`).all();
  return new Map(rows.map((row) => [String(row["name"]), String(row["checksum"])]));
}

function transaction<T>(database: SqliteDatabase, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // After a full disk and the like SQLite has rolled back by itself.
    }
    throw error;
  }
}

/** Of the SQL that is applied; line ends do not count, since git may change them. */
function checksum({ up }: Migration): string {
  return createHash("sha256").update(up.replaceAll("\r\n", "\n")).digest("hex");
}
