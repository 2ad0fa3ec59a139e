import { SessgenError } from "../../errors.js";
import { noteFilled, openIndexes, standingsOf, withdraw } from "../../live/index-notes.js";
import type { ListRequest, MigrateRequest, Step, Target } from "../../live/live.js";
import type { FieldIndex } from "../../model/model.js";
import type { OpenDatabase, SqlDatabase } from "./database.js";
import type { Dialect } from "./dialect.js";
import { checkHistory, type Migration } from "./history.js";
import { emptyLedger, entryOf, type LedgerEntry, ledgerOf, type Owner, ownerOf } from "./ledger.js";
import { listRecords } from "./list.js";
import { pendingOf } from "./pending.js";
import { readHistory } from "./read-history.js";
import { refill, refillsOf } from "./refill.js";
import { shareOf } from "./share.js";
import { keyOf, type Snapshot } from "./snapshot.js";
import { migrationsFolder } from "./tool-folder.js";

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
  const run = { target, request, dialect, migrations, folder, database };
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
  readonly dialect: Dialect;
  readonly migrations: readonly Migration[];
  readonly folder: string;
  readonly database: SqlDatabase | undefined;
}

/** What would be done, or what has been. */
async function look(run: Run): Promise<Step[]> {
  const { target, request, migrations, folder, database } = run;
  const own = target.config.migrations === "plain";
  const ledger =
    own && database !== undefined ? ledgerOf(await database.ledger(), ownerOf(target)) : emptyLedger;
  if (request.direction === "down") {
    const last = [...ledger.applied.keys()].at(-1);
    return last === undefined ? [] : [{ name: last, state: "undone" }];
  }
  const { now, held, newer } = own
    ? pendingOf(migrations, ledger, folder, request.afterDeploy)
    : { now: [], held: [], newer: [] };
  const open = await openColumns(run);
  const refills = database === undefined ? [] : await refillsOf(target, migrations, ledger, database, open);
  const filled = refills.map(({ title }) => title);
  const ahead = newer.map(({ name }): Step => ({ name, state: "newer" }));
  if (request.direction === "status") {
    return [
      ...(own ? migrations : []).map(
        ({ name }) => ({ name, state: ledger.applied.has(name) ? "applied" : "pending" }) as const,
      ),
      ...ahead,
      ...filled.map((name) => ({ name, state: "pending" }) as const),
    ];
  }
  const state = request.direction === "baseline" ? "baselined" : "applied";
  const names = (request.direction === "baseline" ? [...now, ...held] : now).map(({ name }) => name);
  if (request.direction === "up") announce(held, newer, request);
  const done = [...names, ...(state === "applied" ? filled : [])];
  return [...ahead, ...done.map((name): Step => ({ name, state }))];
}

async function work(run: Run & { readonly database: SqlDatabase }): Promise<Step[]> {
  const { target, request } = run;
  const own = target.config.migrations === "plain";
  if (request.direction === "down") return undoLast(run);
  const tried = new Set<string>();
  const steps: Step[] = own ? await applyPending(run, ownerOf(target), tried) : [];
  if (request.direction !== "baseline") steps.push(...(await fillIn(run, tried, true)));
  return steps;
}

/**
 * Fills in what is not yet: before an index is made of it, which is quicker than entering each
 * value into one; and at the end what could not be, because the table is still to be renamed.
 */
async function fillIn(
  run: Run & { readonly database: SqlDatabase },
  tried: Set<string>,
  last = false,
): Promise<Step[]> {
  const { target, request, migrations, database } = run;
  const own = target.config.migrations === "plain";
  const ledger = own ? ledgerOf(await database.ledger(), ownerOf(target)) : emptyLedger;
  const open = await openColumns(run);
  const steps: Step[] = [];
  const filled = new Set<string>();
  for (const one of await refillsOf(target, migrations, ledger, database, open)) {
    if (tried.has(one.name) || !(last || (await database.hasColumns(one.table, one.columns)))) continue;
    tried.add(one.name);
    const done = await refill(target, one, database, request);
    steps.push({ name: one.title, state: done ? "applied" : "pending" });
    if (done) for (const { name } of one.columns) filled.add(name);
  }
  const finished = open.filter(({ name }) => filled.has(`by_${name}`));
  if (finished.length > 0) await noteFilled(target, finished, request);
  return steps;
}

/** Whether a migration makes an index in a table that was there before. */
function addsIndex(before: Snapshot | undefined, after: Snapshot): boolean {
  return after.tables.some((table) => {
    const old = before?.tables.find((other) => keyOf(other) === keyOf(table));
    return old !== undefined && table.indexes.length > old.indexes.length;
  });
}

/** The indexes whose columns are to be filled in. */
async function openColumns({ target, request, database, dialect }: Run): Promise<readonly FieldIndex[]> {
  if (database === undefined) return [];
  const list = (_target: Target, page: ListRequest) => listRecords(target, dialect, database, page);
  return openIndexes(await standingsOf(target, { list }), request);
}

async function applyPending(
  run: Run & { readonly database: SqlDatabase },
  owner: Owner,
  tried: Set<string>,
): Promise<Step[]> {
  const { target, request, migrations, folder, database } = run;
  await database.prepare();
  const ledger = ledgerOf(await database.ledger(), owner);
  const { now, held, newer } = pendingOf(migrations, ledger, folder, request.afterDeploy);
  const steps = newer.map(({ name }): Step => ({ name, state: "newer" }));
  if (request.direction === "baseline") {
    for (const migration of [...now, ...held]) {
      await database.note(entryOf(owner, migration));
      steps.push({ name: migration.name, state: "baselined" });
    }
    return steps;
  }
  for (const migration of now) {
    const { name, snapshot, up } = migration;
    const position = migrations.indexOf(migration);
    const previous = migrations[position - 1]?.snapshot;
    if (addsIndex(previous, snapshot)) steps.push(...(await fillIn(run, tried)));
    const share = shareOf(name, previous?.tables ?? [], snapshot.tables, ledger);
    if (share === "kept") request.progress(`${name}: others use what it takes away, which stays`);
    if (share === "there") request.progress(`${name}: others have made it`);
    const script = share === "run" ? up : "";
    // What is filled in anew is not found meanwhile.
    const names = (snapshot.refill ?? []).map(({ column }) => column.replace(/^by_/, ""));
    if (position > 0 && names.length > 0) await withdraw(target, names);
    if (await database.apply(entryOf(owner, migration), script, request))
      steps.push({ name, state: "applied" });
  }
  announce(held, newer, request);
  return steps;
}

/** Undoes what was applied last, by the script that the ledger has: this release may have none. */
async function undoLast({
  target,
  request,
  database,
}: Run & { readonly database: SqlDatabase }): Promise<Step[]> {
  const ledger = ledgerOf(await database.ledger(), ownerOf(target));
  const [before, last] = [undefined, ...ledger.applied.values()].slice(-2);
  if (last === undefined) return [];
  const { name, down, snapshot } = last;
  const share = shareOf(name, snapshot.tables, before?.snapshot.tables ?? [], ledger);
  if (share === "kept") request.progress(`${name}: others use what it made, which stays`);
  await database.undo(last, share === "run" ? down : "", request);
  return [{ name, state: "undone" }];
}

function announce(held: readonly Migration[], newer: readonly LedgerEntry[], request: MigrateRequest): void {
  for (const { name } of held)
    request.progress(`${name} waits until no older deploy runs: npx sessgen migrate --after-deploy`);
  if (newer.length > 0)
    request.progress(
      "A newer release has migrated here, beside which this one works; npx sessgen migrate --down undoes its last step",
    );
}
