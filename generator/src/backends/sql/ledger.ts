import { createHash } from "node:crypto";
import { SessgenError } from "../../errors.js";
import type { Target } from "../../live/live.js";
import type { Migration } from "./history.js";
import type { Snapshot, Table } from "./snapshot.js";

/** The table where applied migrations are written down. */
export const LEDGER = "sessgen_migrations";

/**
 * Whose migrations they are: of several applications in one database, and of several kinds of
 * sessions in one application, each has its own. Realms share them, as they share the folder.
 */
export interface Owner {
  readonly application: string;
  /** Empty for the kind that has no name. */
  readonly kind: string;
}

/** A row of {@link LEDGER}. */
export interface LedgerEntry extends Owner {
  readonly name: string;
  readonly checksum: string;
  /** What undoes it: an older release has no file of it any more. */
  readonly down: string;
  /** What it led to. */
  readonly snapshot: Snapshot;
}

/** What the ledger says to one owner. */
export interface Ledger {
  /** Applied migrations of its own, by name and in order. */
  readonly applied: ReadonlyMap<string, LedgerEntry>;
  /** The tables that others in the database work on, as their last migrations left them. */
  readonly shared: readonly Table[];
}

/** The columns of {@link LEDGER}, as {@link ledgerValues} has them; when it was applied besides. */
export const ledgerColumns = "application, kind, name, checksum, down_script, snapshot";

/** Gives what stands in {@link ledgerColumns}. */
export function ledgerValues(entry: LedgerEntry): readonly string[] {
  const { application, kind, name, checksum, down, snapshot } = entry;
  return [application, kind, name, checksum, down, JSON.stringify(snapshot)];
}

/** Nothing is applied, and nobody else is there. */
export const emptyLedger: Ledger = { applied: new Map(), shared: [] };

/** Tells whose migrations a target's are. */
export function ownerOf(target: Target): Owner {
  const { application, name = "" } = target.identity();
  return { application, kind: name };
}

/** Gives the row of a migration. */
export function entryOf({ application, kind }: Owner, migration: Migration): LedgerEntry {
  const { name, down, snapshot } = migration;
  return { application, kind, name, checksum: checksum(migration), down, snapshot };
}

/** Makes a row of {@link LEDGER} of what the database gives. */
export function ledgerEntry(row: Readonly<Record<string, unknown>>): LedgerEntry {
  const text = (name: string): string => String(row[name]);
  return {
    application: text("application"),
    kind: text("kind"),
    name: text("name"),
    checksum: text("checksum"),
    down: text("down_script"),
    snapshot: JSON.parse(text("snapshot")) as Snapshot,
  };
}

/** Divides the rows of {@link LEDGER} among one owner and all others. */
export function ledgerOf(rows: readonly LedgerEntry[], owner: Owner): Ledger {
  // Names begin with numbers.
  const sorted = [...rows].sort((one, other) => (one.name < other.name ? -1 : 1));
  const isOwn = ({ application, kind }: Owner): boolean =>
    application === owner.application && kind === owner.kind;
  const last = new Map(
    sorted
      .filter((row) => !isOwn(row))
      .map(({ application, kind, snapshot }) => [JSON.stringify([application, kind]), snapshot.tables]),
  );
  return {
    applied: new Map(sorted.filter(isOwn).map((row) => [row.name, row])),
    shared: [...last.values()].flat(),
  };
}

/** Gives what to throw where the ledger is that of a sessgen that knew no owners. */
export function olderLedger(): SessgenError {
  return new SessgenError("migrate/older-ledger", `${LEDGER} does not say whose migrations are applied`);
}

/**
 * Makes the checksum of both scripts, since the one that undoes has to fit; line ends do not count,
 * git may change them.
 * @returns two hashes and a dot
 */
export function checksum({ up, down }: Pick<Migration, "up" | "down">): string {
  return [up, down]
    .map((text) => createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex"))
    .join(".");
}

/** Tells whether a script says so of itself: `-- sessgen: no transaction`. */
export function says(script: string, what: "no transaction" | "after deploy"): boolean {
  return script.split("\n").some((line) => line.trim() === `-- sessgen: ${what}`);
}
