import { SessgenError } from "../../errors.js";
import type { Drift, Target } from "../../live/live.js";
import type { Dialect } from "./dialect.js";
import { layouts } from "./layouts/index.js";
import type { Layout } from "./layouts/layout.js";
import { ledgerOf, ownerOf } from "./ledger.js";
import { migrationsOf, type SqlDatabase } from "./migrate.js";
import { pendingOf } from "./pending.js";
import type { Table } from "./snapshot.js";
import { keyOf } from "./snapshot.js";
import { tableOf } from "./wanted.js";

/** A table as it is in the database. */
export interface LiveTable {
  /** Types as `normalize` makes them of those of the snapshot; `NOT NULL` included. */
  readonly columns: ReadonlyMap<string, string>;
  /** The columns of each index. */
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly valid: boolean;
  }[];
  /** What the account may not do: `INSERT`. */
  readonly denied: readonly string[];
}

/** What {@link verifySql} needs of a database. */
export interface VerifiedDatabase {
  readonly database: SqlDatabase;
  /** Reads the form of a table; nothing when there is no such table. */
  table(wanted: Table): Promise<LiveTable | undefined>;
  /** Gives the server's time, in milliseconds; absent where there is no server. */
  now?(): Promise<number>;
}

/** More than this between two clocks is worth a word, in milliseconds. */
const SKEW = 5000;

/**
 * Compares the live table of a target with what was emitted.
 * @throws SessgenError `backend/unavailable`
 */
export async function verifySql(target: Target, dialect: Dialect, live: VerifiedDatabase): Promise<Drift[]> {
  try {
    return (await driftsOf(target, dialect, live)).map((drift) => forTool(drift, target));
  } catch (cause) {
    if (cause instanceof SessgenError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SessgenError(
      "backend/unavailable",
      `The ${target.kind} database cannot be looked at: ${message}`,
      {
        cause,
      },
    );
  }
}

async function driftsOf(target: Target, dialect: Dialect, live: VerifiedDatabase): Promise<Drift[]> {
  const { migrations, folder } = await migrationsOf(target, dialect);
  const asked = tableOf(dialect, target.options, { zod: 4, fields: [] });
  const wanted = migrations.at(-1)?.snapshot.tables.find((table) => keyOf(table) === keyOf(asked));
  if (wanted === undefined) {
    return [
      {
        id: "verify/pending-migration",
        summary: `No migration makes the table ${asked.name}`,
        fix: "Run `npx sessgen` and then `npx sessgen migrate`.",
      },
    ];
  }
  const drifts: Drift[] = [];
  if (target.config.migrations === "plain") {
    try {
      const ledger = ledgerOf(await live.database.ledger(), ownerOf(target));
      const { now, newer } = pendingOf(migrations, ledger, folder);
      for (const { name } of now)
        drifts.push({ id: "verify/pending-migration", summary: `${name} is not applied` });
      for (const { name } of newer)
        drifts.push({ id: "verify/newer-migration", summary: `${name} was applied by a newer release` });
    } catch (error) {
      if (!(error instanceof SessgenError)) throw error;
      const { summary, fix } = error.envelope;
      drifts.push({ id: "verify/pending-migration", summary, fix });
    }
  }
  const found = await live.table(wanted);
  if (found === undefined) {
    drifts.push({ id: "verify/missing-table", summary: `There is no table ${wanted.name}` });
    return drifts;
  }
  drifts.push(...columnDrifts(wanted, found), ...indexDrifts(wanted, found));
  for (const privilege of found.denied) {
    drifts.push({
      id: "verify/missing-permission",
      summary: `The account may not ${privilege} in ${wanted.name}`,
      fix: `GRANT ${privilege} ON the table to the account that the application uses.`,
    });
  }
  const now = await live.now?.();
  if (now !== undefined && Math.abs(now - Date.now()) > SKEW) {
    const seconds = Math.round(Math.abs(now - Date.now()) / 1000);
    drifts.push({
      id: "verify/clock-skew",
      summary: `The server's clock and this machine's are ${seconds} seconds apart`,
    });
  }
  return drifts;
}

function columnDrifts(wanted: Table, found: LiveTable): Drift[] {
  return wanted.columns.flatMap((column): Drift[] => {
    const actual = found.columns.get(column.name);
    const expected = typeText(column.type, column.nullable === true);
    if (actual === undefined)
      return [{ id: "verify/missing-column", summary: `${wanted.name} has no column ${column.name}` }];
    if (actual === expected) return [];
    const summary = `${wanted.name}.${column.name} is ${actual} and should be ${expected}`;
    return [{ id: "verify/column-type", summary }];
  });
}

function indexDrifts(wanted: Table, found: LiveTable): Drift[] {
  return wanted.indexes.flatMap((index): Drift[] => {
    const alike = found.indexes.filter(({ columns }) => starts(columns, index.columns));
    if (alike.some(({ valid }) => valid)) return [];
    const [invalid] = alike;
    const columns = index.columns.join(", ");
    const summary =
      invalid === undefined
        ? `${wanted.name} has no index on ${columns}`
        : `The index ${invalid.name} on ${columns} is INVALID: building it was interrupted`;
    const fix = `Make the index ${index.name} again, as the migration that has it does.`;
    return [{ id: "verify/missing-index", summary, fix }];
  });
}

/** Gives a type and whether it can be NULL, as {@link LiveTable} has it. */
export function typeText(type: string, nullable: boolean): string {
  return `${type}${nullable ? "" : " NOT NULL"}`;
}

function starts(columns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((column, index) => columns[index] === column);
}

/** `sessgen migrate` does not apply what another tool does. */
function forTool(drift: Drift, { config }: Target): Drift {
  const { command }: Layout = layouts[config.migrations];
  if (command === undefined || drift.fix !== undefined) return drift;
  return { ...drift, fix: `Apply the migrations with ${config.migrations}: ${command}.` };
}
