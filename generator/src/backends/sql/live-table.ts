import type { Drift } from "../../live/live.js";
import type { Column } from "./snapshot.js";

/** A table as it is in the database. */
export interface LiveTable {
  readonly columns: ReadonlyMap<string, LiveColumn>;
  readonly indexes: readonly LiveIndex[];
  /** What the account may not do: `INSERT`. */
  readonly denied: readonly string[];
  /** What only this kind of database knows of. */
  readonly further: readonly Drift[];
}

/** A column as it is. */
export interface LiveColumn {
  /** As {@link typeText} makes it of a column of the snapshot. */
  readonly type: string;
  /** Whoever adds a row has to name it: NOT NULL, and nothing gives it a value. */
  readonly required: boolean;
}

/** An index as it is. */
export interface LiveIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** Why it is of no use for the store; `is INVALID`. */
  readonly flaw?: string;
}

/** Gives a column's type and what else there is to it. */
export function typeText({
  type,
  nullable,
  generated,
}: Pick<Column, "type" | "nullable" | "generated">): string {
  const made = generated === undefined ? "" : ` GENERATED AS (${generated})`;
  return `${type}${nullable ? "" : " NOT NULL"}${made}`;
}

/** Lists names for a sentence, each quoted. */
export function quotedNames(rows: readonly Readonly<Record<string, unknown>>[]): string {
  return rows.map(({ name }) => JSON.stringify(String(name))).join(", ");
}
