import { createHash } from "node:crypto";
import { SessgenError } from "../../errors.js";
import type { Migration } from "./history.js";

/** The table where applied migrations are written down. */
export const LEDGER = "sessgen_migrations";

/** Applied migrations, and the checksums of what was applied. */
export type Ledger = ReadonlyMap<string, string>;

/** Makes a ledger of the rows of {@link LEDGER}. */
export function ledgerOf(rows: readonly Readonly<Record<string, unknown>>[]): Ledger {
  return new Map(rows.map((row) => [String(row["name"]), String(row["checksum"])]));
}

/** What is still to do. */
export interface Pending {
  readonly now: readonly Migration[];
  /** Migrations that older deploys would not survive. */
  readonly held: readonly Migration[];
}

/**
 * Makes the checksum of both scripts, since the one that undoes has to fit; line ends do not count,
 * git may change them.
 * @returns two hashes and a dot
 */
export function checksum({ up, down }: Migration): string {
  return [up, down]
    .map((text) => createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex"))
    .join(".");
}

/**
 * Compares the folder with what is applied.
 * @param folder - for messages
 * @param afterDeploy - no deploy older than the migrations is running
 * @throws SessgenError `migrate/changed` when an applied migration is not what it was;
 *   `migrate/branched` when one was passed over
 */
export function pendingOf(
  migrations: readonly Migration[],
  ledger: Ledger,
  folder: string,
  afterDeploy = false,
): Pending {
  for (const name of ledger.keys()) {
    if (migrations.some((migration) => migration.name === name)) continue;
    throw new SessgenError("migrate/changed", `${name} is applied and no longer among the migrations`, {
      where: { file: `${folder}/${name}` },
    });
  }
  for (const migration of migrations) refuseChanged(migration, ledger.get(migration.name), folder);
  const last = migrations.findLastIndex(({ name }) => ledger.has(name));
  const latest = migrations.at(-1);
  const held: Migration[] = [];
  const now: Migration[] = [];
  for (const [position, migration] of migrations.entries()) {
    if (ledger.has(migration.name)) continue;
    const waits = isAfterDeploy(migration) && !afterDeploy;
    if (waits && !comesBack(migrations, position, latest)) {
      held.push(migration);
      continue;
    }
    if (position < last && !isAfterDeploy(migration)) {
      const follower = migrations[last]?.name ?? "";
      throw new SessgenError(
        "migrate/branched",
        `${migration.name} is not applied here, though ${follower} is`,
        {
          where: { file: `${folder}/${migration.name}` },
          fix: `Delete ${migration.name} and all that follow it but are applied nowhere, and run \`npx sessgen\`: it makes new ones.`,
        },
      );
    }
    now.push(migration);
  }
  return { now, held };
}

/** Tells whether a script says so of itself: `-- sessgen: no transaction`. */
export function says(script: string, what: "no transaction" | "after deploy"): boolean {
  return script.split("\n").some((line) => line.trim() === `-- sessgen: ${what}`);
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
  const before = columnsOf(migrations[position - 1]);
  const after = columnsOf(migrations[position]);
  const wanted = columnsOf(latest);
  return [...before].some((column) => !after.has(column) && wanted.has(column));
}

function columnsOf(migration: Migration | undefined): ReadonlySet<string> {
  const tables = migration?.snapshot.tables ?? [];
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
