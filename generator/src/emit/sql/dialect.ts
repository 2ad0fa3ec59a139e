import type { Table } from "./snapshot.js";

/** What differs between SQL databases. A dialect is one folder here and one of templates. */
export interface Dialect {
  /** As in a backend's `migrations`; also the folder's name. */
  readonly name: string;
  /** The table that the store of this dialect works on. */
  table(name: string): Table;
  /** A name as it stands in SQL. */
  quote(name: string): string;
}
