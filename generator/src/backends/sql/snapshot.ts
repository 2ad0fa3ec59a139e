import { createHash } from "node:crypto";

/** A column as the database should have it: NOT NULL, unless it is what sessions are found by. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly primaryKey?: boolean;
  /** Numbered by the database. */
  readonly identity?: boolean;
  readonly unique?: boolean;
  readonly nullable?: boolean;
  /** What the database itself computes it of. */
  readonly generated?: string;
  /** Holds hashes of the values. */
  readonly hashed?: boolean;
}

/** An index as the database should have it. */
export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /** Holds only rows in which this column is not NULL. */
  readonly notNull?: string;
}

/** A table as the database should have it. */
export interface Table {
  readonly name: string;
  readonly schema?: string;
  /** PostgreSQL's UNLOGGED. */
  readonly unlogged?: boolean;
  /** Storage parameters, as in `WITH (fillfactor = 80)`. */
  readonly settings?: Readonly<Record<string, number>>;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
}

/** A column whose values are in the payloads of the sessions already stored. */
export interface Refill {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
}

/**
 * What a migration leads to; kept beside it, so that the next one is made without looking at a
 * database.
 */
export interface Snapshot {
  readonly dialect: string;
  /** Hash of the snapshot before this one; `null` for the first. */
  readonly parent: string | null;
  /** What `sessgen migrate` fills in afterwards. */
  readonly refill?: readonly Refill[];
  readonly tables: readonly Table[];
}

/** Prints a snapshot, deterministically. */
export function printSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, undefined, 2)}\n`;
}

/** Gives the hash that the following snapshot names as its parent. */
export function snapshotHash(snapshot: Snapshot): string {
  return createHash("sha256").update(JSON.stringify(snapshot)).digest("hex");
}

/** Tells tables apart. */
export function keyOf({ schema = "", name }: Pick<Table, "schema" | "name">): string {
  return JSON.stringify([schema, name]);
}
