import { SessgenError } from "../../errors.js";
import type { Drift, Target } from "../../live/live.js";
import type { SqlDatabase } from "./database.js";
import type { Dialect } from "./dialect.js";
import type { Migration } from "./history.js";
import { layouts } from "./layouts/index.js";
import type { Layout } from "./layouts/layout.js";
import { LEDGER, ledgerOf, ownerOf } from "./ledger.js";
import type { LiveTable } from "./live-table.js";
import { migrationsOf } from "./migrate.js";
import { pendingOf } from "./pending.js";
import type { Table } from "./snapshot.js";
import { keyOf } from "./snapshot.js";
import { tableDrifts } from "./table-drifts.js";
import { tableOf } from "./wanted.js";

/** What {@link verifySql} needs of a database. */
export interface VerifiedDatabase {
  readonly database: SqlDatabase;
  /** Reads the form of a table; nothing when there is no such table. */
  table(wanted: Table): Promise<LiveTable | undefined>;
  /** Finds what is wrong with the server itself, or with the account everywhere. */
  server?(): Promise<readonly Drift[]>;
  /** Tells whether an error says that the account lacks a permission. */
  isDenied?(error: unknown): boolean;
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
  const drifts: Drift[] = [...((await live.server?.()) ?? [])];
  if (target.config.migrations === "plain")
    drifts.push(...(await pendingDrifts(target, live, migrations, folder)));
  const found = await live.table(wanted);
  if (found === undefined) {
    drifts.push({ id: "verify/missing-table", summary: `There is no table ${wanted.name}` });
    return drifts;
  }
  drifts.push(...tableDrifts(wanted, found));
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

async function pendingDrifts(
  target: Target,
  { database, isDenied }: VerifiedDatabase,
  migrations: readonly Migration[],
  folder: string,
): Promise<Drift[]> {
  try {
    const ledger = ledgerOf(await database.ledger(), ownerOf(target));
    const { now, newer } = pendingOf(migrations, ledger, folder);
    return [
      ...now.map(({ name }): Drift => {
        return { id: "verify/pending-migration", summary: `${name} is not applied` };
      }),
      ...newer.map(({ name }): Drift => {
        return { id: "verify/newer-migration", summary: `${name} was applied by a newer release` };
      }),
    ];
  } catch (error) {
    if (isDenied?.(error)) {
      const summary = `The account may not read ${LEDGER}: whether a migration is pending was not looked at`;
      return [
        {
          id: "verify/not-checked",
          summary,
          fix: `GRANT SELECT ON ${LEDGER}, as the emitted grants.sql does.`,
        },
      ];
    }
    if (!(error instanceof SessgenError)) throw error;
    const { summary, fix } = error.envelope;
    return [{ id: "verify/pending-migration", summary, fix }];
  }
}

/** Says who applies migrations: `sessgen migrate` does not apply what another tool does. */
export function forTool(drift: Drift, { config }: Target): Drift {
  const { command }: Layout = layouts[config.migrations];
  if (command === undefined || drift.fix !== undefined) return drift;
  return { ...drift, fix: `Apply the migrations with ${config.migrations}: ${command}.` };
}
