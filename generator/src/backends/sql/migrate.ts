import { SessgenError } from "../../errors.js";
import type { MigrateRequest, Step, Target } from "../../live/live.js";
import type { Dialect } from "./dialect.js";
import { migrationsFolder } from "./emit.js";
import { checkHistory, type Migration } from "./history.js";
import { type Ledger, pendingOf } from "./ledger.js";
import { readHistory } from "./read-history.js";
import { type RefillDatabase, refill, refillsOf } from "./refill.js";
import { keyOf, snapshotHash } from "./snapshot.js";

/** A database as migrations see it; what is done, and the note of it, belong together. */
export interface SqlDatabase extends RefillDatabase {
  /**
   * Does the work while no other `sessgen migrate` does any; SQLite, which has nothing of the kind,
   * at once.
   */
  exclusively<T>(request: MigrateRequest, work: () => Promise<T>): Promise<T>;
  /** Reads the ledger; nothing when there is no ledger yet. */
  ledger(): Promise<Ledger>;
  /** Makes the ledger unless it is there. */
  prepare(): Promise<void>;
  /**
   * Applies a migration.
   * @returns false when somebody else did it meanwhile
   */
  apply(migration: Migration, request: MigrateRequest): Promise<boolean>;
  undo(migration: Migration, request: MigrateRequest): Promise<void>;
  /** Notes it as applied. */
  note(migration: Migration): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database of a target; nothing when it does not exist and must not be made. */
export type OpenDatabase = (target: Target, make: boolean) => Promise<SqlDatabase | undefined>;

/** Gives the migrations of a target, in order, and their folder. */
export async function migrationsOf(
  { config }: Target,
  dialect: Dialect,
): Promise<{ readonly migrations: readonly Migration[]; readonly folder: string }> {
  const migrations = (await readHistory(config, [dialect])).get(dialect.name) ?? [];
  const folder = migrationsFolder(config, dialect.name);
  checkHistory(migrations, folder);
  return { migrations, folder };
}

/**
 * Applies, undoes, lists or notes the migrations of a dialect, and fills in the columns of new
 * indexes.
 * @throws SessgenError `migrate/…`, `backend/unavailable`
 */
export async function migrateSql(
  target: Target,
  request: MigrateRequest,
  dialect: Dialect,
  open: OpenDatabase,
): Promise<readonly Step[]> {
  const { migrations, folder } = await migrationsOf(target, dialect);
  if (migrations.length === 0)
    throw new SessgenError("migrate/none", "There are no migrations yet", { where: { file: folder } });
  const tool = target.config.migrations;
  if (tool !== "plain" && (request.direction === "down" || request.direction === "baseline")) {
    throw new SessgenError("migrate/other-tool", `The migrations are laid out for ${tool}`, {
      where: { file: folder },
      fix: `Let ${tool} do it; or delete \`migrations\` from the config.`,
    });
  }
  const looks = request.dryRun || request.direction === "status";
  const database = await open(target, !looks && request.direction !== "down");
  const run = { target, request, migrations, folder, database };
  try {
    if (database === undefined || looks) return await look(run);
    return await database.exclusively(request, () => work({ ...run, database }));
  } catch (cause) {
    if (cause instanceof SessgenError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SessgenError("migrate/failed", `The ${target.kind} database cannot be migrated: ${message}`, {
      cause,
    });
  } finally {
    await database?.close();
  }
}

interface Run {
  readonly target: Target;
  readonly request: MigrateRequest;
  readonly migrations: readonly Migration[];
  readonly folder: string;
  readonly database: SqlDatabase | undefined;
}

/** What would be done, or what has been. */
async function look({ target, request, migrations, folder, database }: Run): Promise<Step[]> {
  const own = target.config.migrations === "plain";
  const ledger: Ledger = (own && (await database?.ledger())) || new Map();
  const { now, held } = own
    ? pendingOf(migrations, ledger, folder, request.afterDeploy)
    : { now: [], held: [] };
  const refills =
    database === undefined ? [] : await refillsOf(target, migrations, ledger, database, request);
  const filled = refills.map(({ title }) => title);
  if (request.direction === "status") {
    return [
      ...(own ? migrations : []).map(
        ({ name }) => ({ name, state: ledger.has(name) ? "applied" : "pending" }) as const,
      ),
      ...filled.map((name) => ({ name, state: "pending" }) as const),
    ];
  }
  if (request.direction === "down") {
    const last = migrations.findLast(({ name }) => ledger.has(name));
    return last === undefined ? [] : [{ name: last.name, state: "undone" }];
  }
  const state = request.direction === "baseline" ? "baselined" : "applied";
  const names = (request.direction === "baseline" ? [...now, ...held] : now).map(({ name }) => name);
  if (request.direction === "up") announce(held, request);
  return [...names, ...(state === "applied" ? filled : [])].map((name) => ({ name, state }));
}

async function work(run: Run & { readonly database: SqlDatabase }): Promise<Step[]> {
  const { target, request, migrations, folder, database } = run;
  const own = target.config.migrations === "plain";
  if (request.direction === "down") return undoLast(run);
  const steps: Step[] = [];
  const tried = new Set<string>();
  if (own) {
    await database.prepare();
    const { now, held } = pendingOf(migrations, await database.ledger(), folder, request.afterDeploy);
    if (request.direction === "baseline") {
      for (const migration of [...now, ...held]) {
        await database.note(migration);
        steps.push({ name: migration.name, state: "baselined" });
      }
      return steps;
    }
    for (const migration of now) {
      if (addsIndex(migration, migrations)) steps.push(...(await fillIn(run, tried)));
      if (await database.apply(migration, request)) steps.push({ name: migration.name, state: "applied" });
    }
    announce(held, request);
  }
  steps.push(...(await fillIn(run, tried, true)));
  return steps;
}

/**
 * Fills in what is not yet: before an index is made of it, which is quicker than entering each
 * value into one; and at the end what could not be, because the table is still to be renamed.
 */
async function fillIn(
  { target, request, migrations, database }: Run & { readonly database: SqlDatabase },
  tried: Set<string>,
  last = false,
): Promise<Step[]> {
  const own = target.config.migrations === "plain";
  const ledger = own ? await database.ledger() : new Map<string, string>();
  const steps: Step[] = [];
  for (const one of await refillsOf(target, migrations, ledger, database, request)) {
    if (tried.has(one.name) || !(last || (await database.hasColumns(one.table, one.columns)))) continue;
    tried.add(one.name);
    const done = await refill(target, one, database, request);
    steps.push({ name: one.title, state: done ? "applied" : "pending" });
  }
  return steps;
}

/** Whether a migration makes an index in a table that was there before. */
function addsIndex({ snapshot }: Migration, migrations: readonly Migration[]): boolean {
  const before = migrations.find((other) => snapshotHash(other.snapshot) === snapshot.parent)?.snapshot;
  return snapshot.tables.some((table) => {
    const old = before?.tables.find((other) => keyOf(other) === keyOf(table));
    return old !== undefined && table.indexes.length > old.indexes.length;
  });
}

async function undoLast({
  request,
  migrations,
  folder,
  database,
}: Run & { readonly database: SqlDatabase }): Promise<Step[]> {
  const ledger = await database.ledger();
  pendingOf(migrations, ledger, folder, true);
  const last = migrations.findLast(({ name }) => ledger.has(name));
  if (last === undefined) return [];
  await database.undo(last, request);
  return [{ name: last.name, state: "undone" }];
}

function announce(held: readonly Migration[], request: MigrateRequest): void {
  for (const { name } of held)
    request.progress(`${name} waits until no older deploy runs: npx sessgen migrate --after-deploy`);
}
