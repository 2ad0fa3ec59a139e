import { SessgenError } from "../../errors.js";
import type { Ledger } from "./ledger.js";
import { keyOf, type Table } from "./snapshot.js";

/**
 * What becomes of a step where others in the database work on the same tables.
 * - `run`: it is done
 * - `there`: others have done the same
 * - `kept`: others need what it takes away
 */
export type Share = "run" | "there" | "kept";

/**
 * Tells what becomes of a step from some tables to others. Applications may share a table: whoever
 * comes second finds it there, and nobody takes away what the other one uses.
 * @param name - of the migration
 * @throws SessgenError `migrate/shared-table` when a step would change what others use, or finds
 *   only part of what it makes
 */
export function shareOf(
  name: string,
  before: readonly Table[],
  after: readonly Table[],
  { shared }: Pick<Ledger, "shared">,
): Share {
  const [from, to, others] = [before, after, shared].map(partsOf) as [Parts, Parts, Parts];
  const [added, gone] = [without(to, from), without(from, to)];
  const [there, needed] = [added, gone].map((parts) => parts.filter(([key]) => others.has(key)));
  if (needed?.length !== 0) {
    if (added.length === 0) return "kept";
    throw refusal(name, needed?.[0]?.[1] ?? "");
  }
  if (there?.length === 0) return "run";
  if (there?.length === added.length) return "there";
  throw refusal(name, there?.[0]?.[1] ?? "");
}

/** Columns with their types, and indexes; the value is the table's name. */
type Parts = ReadonlyMap<string, string>;

function partsOf(tables: readonly Table[]): Parts {
  return new Map(
    tables.flatMap((table) => [
      ...table.columns.map(
        (column) => [`${keyOf(table)} ${column.name} ${column.type}`, table.name] as const,
      ),
      ...table.indexes.map((index) => [`${keyOf(table)} (${index.columns.join()})`, table.name] as const),
    ]),
  );
}

function without(parts: Parts, others: Parts): readonly (readonly [string, string])[] {
  return [...parts].filter(([key]) => !others.has(key));
}

function refusal(name: string, table: string): SessgenError {
  return new SessgenError(
    "migrate/shared-table",
    `${name} would change ${table}, which another application or kind of sessions works on`,
  );
}
