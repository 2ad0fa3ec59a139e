import { SessgenError } from "../../errors.js";
import type { Migration } from "./history.js";
import { checksum, type Ledger, type LedgerEntry, says } from "./ledger.js";
import type { Table } from "./snapshot.js";

/** What is still to do. */
export interface Pending {
  readonly now: readonly Migration[];
  /** Migrations that older deploys would not survive. */
  readonly held: readonly Migration[];
  /** Applied by a newer release than this one, which goes on beside them. */
  readonly newer: readonly LedgerEntry[];
}

/**
 * Compares the folder with what is applied.
 * @param folder - for messages
 * @param afterDeploy - no deploy older than the migrations is running
 * @throws SessgenError `migrate/changed` when an applied migration is not what it was;
 *   `migrate/branched` when one was passed over; `migrate/too-new` when a newer release took away
 *   what this one needs
 */
export function pendingOf(
  migrations: readonly Migration[],
  { applied }: Ledger,
  folder: string,
  afterDeploy = false,
): Pending {
  const newer = newerOf(migrations, applied, folder);
  for (const migration of migrations) refuseChanged(migration, applied.get(migration.name)?.checksum, folder);
  const last = migrations.findLastIndex(({ name }) => applied.has(name));
  const latest = migrations.at(-1);
  const held: Migration[] = [];
  const now: Migration[] = [];
  for (const [position, migration] of migrations.entries()) {
    if (applied.has(migration.name)) continue;
    const waits = isAfterDeploy(migration) && !afterDeploy;
    if (waits && !comesBack(migrations, position, latest)) {
      held.push(migration);
      continue;
    }
    const [follower = position < last ? migrations[last] : undefined] = newer;
    if (follower !== undefined && !isAfterDeploy(migration)) {
      throw new SessgenError(
        "migrate/branched",
        `${migration.name} is not applied here, though ${follower.name} is`,
        {
          where: { file: `${folder}/${migration.name}` },
          fix: `Delete ${migration.name} and all that follow it but are applied nowhere, and run \`npx sessgen\`: it makes new ones.`,
        },
      );
    }
    now.push(migration);
  }
  refuseLacking(latest, newer);
  return { now, held, newer };
}

/**
 * What is applied and has a higher number than any migration of the folder: this release was made
 * before it.
 */
function newerOf(
  migrations: readonly Migration[],
  applied: Ledger["applied"],
  folder: string,
): readonly LedgerEntry[] {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.values()].filter(({ name }) => !known.has(name));
  const highest = numberOf(migrations.at(-1)?.name ?? "");
  const [gone] = newer.filter(({ name }) => numberOf(name) <= highest);
  if (gone === undefined) return newer;
  throw new SessgenError("migrate/changed", `${gone.name} is applied and no longer among the migrations`, {
    where: { file: `${folder}/${gone.name}` },
    fix: "Restore it; or take back what it did with `npx sessgen migrate --down`, which needs no file of it.",
  });
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}

/** A newer release may have dropped what only older ones write. */
function refuseLacking(latest: Migration | undefined, newer: readonly LedgerEntry[]): void {
  const [newest] = newer.slice(-1);
  if (latest === undefined || newest === undefined) return;
  const there = columnsOf(newest.snapshot.tables);
  const lacking = [...columnsOf(latest.snapshot.tables)].filter((column) => !there.has(column));
  if (lacking.length === 0) return;
  const names = lacking.map((column) => (JSON.parse(column) as string[]).slice(1).join("."));
  throw new SessgenError(
    "migrate/too-new",
    `A newer release has taken ${names.join(", ")} away, which this one works with (${newest.name})`,
  );
}

function isAfterDeploy({ up }: Migration): boolean {
  return says(up, "after deploy");
}

/** Whether a later migration makes a column again that this one drops: then it cannot wait. */
function comesBack(
  migrations: readonly Migration[],
  position: number,
  latest: Migration | undefined,
): boolean {
  const before = columnsOf(migrations[position - 1]?.snapshot.tables);
  const after = columnsOf(migrations[position]?.snapshot.tables);
  const wanted = columnsOf(latest?.snapshot.tables);
  return [...before].some((column) => !after.has(column) && wanted.has(column));
}

function columnsOf(tables: readonly Table[] = []): ReadonlySet<string> {
  return new Set(
    tables.flatMap(({ schema, name, columns }) =>
      columns.map((column) => JSON.stringify([schema, name, column.name])),
    ),
  );
}

function refuseChanged(migration: Migration, known: string | undefined, folder: string): void {
  if (known === undefined) return;
  const [up, down] = known.split(".");
  const [upNow, downNow] = checksum(migration).split(".");
  const file = up !== upNow ? "up.sql" : down !== undefined && down !== downNow ? "down.sql" : undefined;
  if (file === undefined) return;
  throw new SessgenError(
    "migrate/changed",
    `${file} of ${migration.name} was changed after the migration had been applied`,
    { where: { file: `${folder}/${migration.name}/${file}` } },
  );
}
