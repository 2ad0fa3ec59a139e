import type { ResolvedConfig } from "../../../config/resolved.js";
import type { Artifact } from "../../../output/artifact.js";
import type { Dialect } from "../dialect.js";
import type { Snapshot, Table } from "../snapshot.js";

/** A migration's texts. */
export interface MigrationText {
  /** `0002_add_by_user_id`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly snapshot: Snapshot;
  readonly noTransaction: boolean;
}

/** What is in the folder that the tool reads its migrations from, ours or not. */
export interface ToolFolder {
  /** The names of files and folders. */
  readonly names: readonly string[];
  /** The texts of what the layout has to go on from, by path in the folder. */
  readonly texts: ReadonlyMap<string, string>;
  /** When the folder was read, in milliseconds since the epoch: what is new there is of then. */
  readonly now: number;
}

/** What a layout's files are made with. */
export interface LayoutContext {
  readonly dialect: Dialect;
  /** Where the tool looks for migrations: the user's folder, or one of ours. */
  readonly folder: string;
  /** Our own folder, for what the tool does not know. */
  readonly aside: string;
  /** What is in the folder. */
  readonly there: ToolFolder;
  /** Renders a template of ours, or the user's of the same name. */
  render(template: string, data: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A migration as the tool is told of it. */
export interface Step {
  readonly name: string;
  readonly snapshot: Snapshot;
  /** It is made now. */
  readonly isNew: boolean;
}

/** How a tool wants its migrations: names of files, and what is around the SQL. */
export interface Layout {
  /** `sessgen migrate` applies them; otherwise the tool does. */
  readonly own?: boolean;
  /** Applies them; absent: `sessgen migrate`. */
  readonly command?: string;
  /** The tool has only one transaction for everything. */
  readonly oneTransaction?: boolean;
  /** Where they are in a folder of ours; absent: in the folder itself. */
  readonly inside?: string;
  /** What numbers are in a history that is empty. Default `counter`. */
  readonly numbers?: "counter" | "time";
  /** What there is to read in the tool's folder: files, and folders with `/` at their end. */
  readonly reads?: readonly string[];
  /** Tells where the snapshot of a migration is, in our own folder. */
  snapshot(name: string): string;
  /** Gives the files of a migration but the snapshot. */
  files(migration: MigrationText, context: LayoutContext): Promise<readonly Artifact[]>;
  /** Gives what the tool needs once, whatever the migrations; all of them, old and new. */
  common?(steps: readonly Step[], context: LayoutContext): Promise<readonly Artifact[]>;
  /**
   * Gives what makes the tables part of the schema that the tool compares databases with, or it
   * would drop what it does not know.
   */
  model?(
    tables: readonly Table[],
    context: Pick<LayoutContext, "dialect" | "aside"> & Pick<ResolvedConfig, "output" | "language">,
  ): Artifact;
}
