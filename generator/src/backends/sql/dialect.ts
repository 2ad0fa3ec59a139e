import type { Column, Table } from "./snapshot.js";

/** What a table is to hold. */
export interface TableRequest {
  readonly name: string;
  /** The backend's options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What sessions are found by, by name. */
  readonly indexes: readonly IndexRequest[];
}

/** Something sessions are found by. */
export interface IndexRequest {
  readonly name: string;
  readonly hashed: boolean;
  /** Every value is an integer that JavaScript holds exactly. */
  readonly integer: boolean;
}

/**
 * What differs between SQL databases. A dialect is a file in the backend's folder, and a folder of
 * templates.
 */
export interface Dialect {
  /** Also the name of the folder of its migrations, and of its templates. */
  readonly name: string;
  /** What Prisma and Drizzle call the database. */
  readonly toolName: string;
  /** Knex takes a question mark in a statement for a parameter. */
  readonly questionMarks?: boolean;
  /** The server has accounts, for which `roles.sql` and `grants.sql` are among its templates. */
  readonly accounts?: boolean;
  /** Gives the table that the store of this dialect works on. */
  table(request: TableRequest): Table;
  /** Gives a name as it stands in SQL. */
  quote(name: string): string;
  /** Every column of what sessions are found by can hold the values of one of this type. */
  readonly anyType: string;
  /**
   * How much one migration can take back when it fails.
   * - `"all"`: everything; one migration does it all
   * - `"tables"`: everything but the indexes of tables that are in use, each of which gets a
   *   migration of its own
   * - `"statement"`: a statement; each gets a migration of its own
   */
  readonly atomic: "all" | "tables" | "statement";
}

/**
 * Gives the columns of what sessions are found by.
 * @param types - of a column for integers, and for all else
 */
export function indexColumns(
  indexes: readonly IndexRequest[],
  types: { readonly integer: string; readonly text: string },
): readonly Column[] {
  return indexes.map(({ name, integer, hashed }) => ({
    name: `by_${name}`,
    type: integer ? types.integer : types.text,
    nullable: true,
    ...(hashed && { hashed: true }),
  }));
}
