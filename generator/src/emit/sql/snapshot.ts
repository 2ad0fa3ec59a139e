import { createHash } from "node:crypto";
import type { ResolvedConfig } from "../../config/resolved.js";

/** A column as the database should have it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly primaryKey?: boolean;
}

/** A table as the database should have it. Every column is NOT NULL. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** What a migration leads to; kept beside it, so that the next one is made without looking at a database. */
export interface Snapshot {
  readonly dialect: string;
  /** Hash of the snapshot before this one; `null` for the first. */
  readonly parent: string | null;
  readonly tables: readonly Table[];
}

/** Prints a snapshot, deterministically. */
export function printSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, undefined, 2)}\n`;
}

/** The hash that the following snapshot names as its parent. */
export function snapshotHash(snapshot: Snapshot): string {
  return createHash("sha256").update(JSON.stringify(snapshot)).digest("hex");
}

/** The tables that the config's backends of a dialect need. */
export function wantedTables(
  config: ResolvedConfig,
  kind: string,
  tableOf: (name: string) => Table,
): Table[] {
  const names = Object.values(config.backends)
    .filter((backend) => backend.kind === kind)
    .map((backend) => (typeof backend["table"] === "string" ? backend["table"] : "sessions"));
  return [...new Set(names)].sort().map(tableOf);
}
