import { createHash } from "node:crypto";
import { SessgenError } from "../../errors.js";
import { withBreaks } from "../../live/breaks.js";
import { emittedIndexValues, isDone, unreadableNote } from "../../live/emitted-fields.js";
import type { MigrateRequest, Target } from "../../live/live.js";
import { type OwnSessions, ownSessions } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import type { FieldIndex } from "../../model/model.js";
import type { Migration } from "./history.js";
import type { Ledger } from "./ledger.js";
import { type Column, keyOf, type Table } from "./snapshot.js";

/** The table where it is written down how far columns have been filled in. */
export const REFILLS = "sessgen_refills";

/** Columns of one table whose values are in the payloads. */
export interface RefillJob {
  /** For the notes in the database: each application has its own. */
  readonly name: string;
  /** For a human. */
  readonly title: string;
  readonly table: Table;
  readonly columns: readonly Column[];
}

/** How far a job is. */
export interface RefillState {
  /** Where to go on; nothing at the beginning. */
  readonly position?: string;
  readonly state: "running" | "done";
}

/** Makes it of a row of {@link REFILLS}. */
export function refillStateOf({ position, state }: Readonly<Record<string, unknown>>): RefillState {
  return {
    state: state as RefillState["state"],
    ...(typeof position === "string" && { position }),
  };
}

/** A stored session, as far as it concerns its columns. */
export interface RefillRow {
  readonly id: unknown;
  /** The id as the store has it. */
  readonly key: string;
  readonly payload: Uint8Array;
  readonly version: unknown;
  /** What stands in the columns, as text. */
  readonly values: readonly (string | null)[];
  /** Where to go on after it. */
  readonly position: string;
}

/** New values of a row. */
export interface RefillUpdate {
  readonly row: RefillRow;
  readonly values: readonly (string | null)[];
}

/** What filling in needs of a database. */
export interface RefillDatabase {
  /** Reads how far a job is; nothing when no job was ever begun. */
  refillState(name: string): Promise<RefillState | undefined>;
  noteRefill(name: string, state: RefillState): Promise<void>;
  /** Tells whether the table has the columns. */
  hasColumns(table: Table, columns: readonly Column[]): Promise<boolean>;
  /**
   * Reads rows from the prefix to the end of an application's that have not expired, in the order
   * of their ids.
   */
  page(job: RefillJob, own: OwnSessions, after: string | undefined): Promise<readonly RefillRow[]>;
  /** Counts the rows that {@link page} comes by, of all or behind a position. */
  count(table: Table, own: OwnSessions, after?: string): Promise<number>;
  /** Sets the columns where the version is still the same. */
  update(job: RefillJob, updates: readonly RefillUpdate[]): Promise<void>;
  /** Gives a value as the store of this database writes it. */
  encode(value: string): string;
}

/**
 * Gives the jobs that are not done: what migrations ask for, and indexes that are open all the
 * same, as after a rollback. Columns that have gone again, or are filled in once more by a later
 * migration, are left out.
 * @param open - the indexes that are to be filled in
 */
export async function refillsOf(
  target: Target,
  migrations: readonly Migration[],
  ledger: Ledger,
  database: RefillDatabase,
  open: readonly FieldIndex[],
): Promise<RefillJob[]> {
  const own = target.config.migrations === "plain";
  const applied = migrations.filter(({ name }) => !own || ledger.applied.has(name));
  const isOpen = ({ name }: Column): boolean => open.some((index) => name === `by_${index.name}`);
  const jobs = migrationJobs(migrations, applied);
  const covered = new Set(jobs.flatMap(({ columns }) => columns.map(({ name }) => name)));
  for (const table of applied.at(-1)?.snapshot.tables ?? []) {
    if (table.name !== (target.options["table"] ?? "sessions")) continue;
    const columns = table.columns.filter((column) => isOpen(column) && !covered.has(column.name));
    const hash = createHash("sha256").update(columns.map(({ name }) => name).join());
    if (columns.length > 0) jobs.push(jobOf(`open-${hash.digest("hex").slice(0, 16)}`, table, columns));
  }
  const left: RefillJob[] = [];
  if (jobs.length === 0) return left;
  const { prefix } = await ownSessions(target);
  for (const found of jobs) {
    const job = { ...found, name: `${found.name} ${prefix}` };
    const state = (await database.refillState(job.name))?.state;
    if (state !== "done" || job.columns.some(isOpen)) left.push(job);
  }
  return left;
}

/** What migrations that are applied ask for, in their order. */
function migrationJobs(migrations: readonly Migration[], applied: readonly Migration[]): RefillJob[] {
  const jobs = new Map<string, RefillJob>();
  const taken = new Set<string>();
  for (const migration of [...applied].reverse()) {
    for (const { schema, table: name, column } of migration.snapshot.refill ?? []) {
      const from = { name, ...(schema !== undefined && { schema }) };
      const table = tableNow(migrations, migrations.indexOf(migration), from);
      const found = table?.columns.find((one) => one.name === column);
      if (table === undefined || found === undefined || taken.has(`${keyOf(table)} ${column}`)) continue;
      taken.add(`${keyOf(table)} ${column}`);
      const key = `${migration.name} ${name}`;
      jobs.set(key, jobOf(key, table, [...(jobs.get(key)?.columns ?? []), found]));
    }
  }
  return [...jobs.values()].reverse();
}

function jobOf(name: string, table: Table, columns: readonly Column[]): RefillJob {
  const title = `${columns.map((one) => one.name).join(", ")} of ${table.name} filled in`;
  return { name, title, table, columns };
}

/**
 * Fills the columns of a job in for the application's own sessions, a page at a time, beside
 * traffic: a session that somebody writes meanwhile is left to them. Interrupted, it goes on where
 * it was.
 * @returns false when there is more to do, with the secrets
 */
export async function refill(
  target: Target,
  job: RefillJob,
  database: RefillDatabase,
  request: MigrateRequest,
): Promise<boolean> {
  if (!(await database.hasColumns(job.table, job.columns))) {
    throw new SessgenError("migrate/failed", `${job.table.name} lacks a column that is to be filled in`, {
      fix:
        target.config.migrations === "plain"
          ? "Run `npx sessgen verify`: it says what differs."
          : `Apply the migrations with ${target.config.migrations} first.`,
    });
  }
  const names = job.columns.map(({ name }) => name.replace(/^by_/, ""));
  const valuesOf = await emittedIndexValues(target, names);
  const own = await ownSessions(target);
  const encoded = (value: string | null | undefined): string | null =>
    value === undefined || value === null ? null : database.encode(value);
  const noted = await database.refillState(job.name);
  const counts = { seen: 0, changed: 0, unreadable: 0 };
  let position = noted?.state === "running" ? noted.position : undefined;
  const left = await database.count(job.table, own, position);
  const progress = progressOf({
    say: (line) => request.progress(`${job.title}: ${line}`),
    what: position === undefined ? "sessions" : "sessions that were left",
    total: { count: left, exact: true },
  });
  const page = async (): Promise<boolean> => {
    const rows = await database.page(job, own, position);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const updates: RefillUpdate[] = [];
    for (const row of rows.filter(({ key }) => own.has(key))) {
      counts.seen += 1;
      const found = valuesOf(row.payload, row.key);
      if (found === undefined) {
        counts.unreadable += 1;
        continue;
      }
      const values = names.map((name) => encoded(found[name]));
      if (values.some((value, index) => value !== row.values[index])) updates.push({ row, values });
    }
    if (updates.length > 0) await database.update(job, updates);
    counts.changed += updates.length;
    position = last.position;
    // Behind a session that takes a secret nobody goes on without it.
    if (isDone(target, counts.unreadable))
      await database.noteRefill(job.name, { position, state: "running" });
    progress.add(rows.length, `${counts.changed} filled in`);
    return true;
  };
  const beside = withBreaks(request.share);
  while (await beside(page)) {
    // Page by page.
  }
  const done = isDone(target, counts.unreadable);
  await database.noteRefill(job.name, { state: done ? "done" : "running" });
  const unreadable = unreadableNote(target, counts.unreadable);
  request.progress(`${job.title}: ${counts.changed} of ${counts.seen} sessions${unreadable}`);
  return done;
}

/** A table that had a name at some migration, as it is at the end: it may have been renamed. */
function tableNow(
  migrations: readonly Migration[],
  position: number,
  from: Pick<Table, "name" | "schema">,
): Table | undefined {
  let key = keyOf(from);
  for (const [index, { snapshot }] of migrations.entries()) {
    if (index <= position || snapshot.tables.some((table) => keyOf(table) === key)) continue;
    const before = migrations[index - 1]?.snapshot.tables ?? [];
    const [added, ...more] = snapshot.tables.filter(
      (table) => !before.some((other) => keyOf(other) === keyOf(table)),
    );
    if (added === undefined || more.length > 0) return undefined;
    key = keyOf(added);
  }
  return migrations.at(-1)?.snapshot.tables.find((table) => keyOf(table) === key);
}
