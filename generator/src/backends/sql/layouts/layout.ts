import type { Artifact } from "../../../output/artifact.js";
import type { Dialect } from "../dialect.js";
import type { Snapshot } from "../snapshot.js";

/** A migration's texts. */
export interface MigrationText {
  /** `0002_add_by_user_id`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly snapshot: Snapshot;
  readonly noTransaction: boolean;
}

/** What a layout's files are made with. */
export interface LayoutContext {
  readonly dialect: Dialect;
  /** Where the migrations are. */
  readonly folder: string;
  /** Renders a template of ours, or the user's of the same name. */
  render(template: string, data: Readonly<Record<string, unknown>>): Promise<string>;
}

/** How a tool wants its migrations: names of files, and what is around the SQL. */
export interface Layout {
  /** `sessgen migrate` applies them; otherwise the tool does. */
  readonly own?: boolean;
  /** The tool has only one transaction for everything. */
  readonly oneTransaction?: boolean;
  /** Tells where the snapshot of a migration is, in the folder. */
  snapshot(name: string): string;
  /** Gives the files of a migration but the snapshot. */
  files(migration: MigrationText, context: LayoutContext): Promise<readonly Artifact[]>;
  /** Gives what the tool needs once, whatever the migrations; all of them by name, old and new. */
  common?(names: readonly string[], context: LayoutContext): Promise<readonly Artifact[]>;
}
