import { SessgenError } from "../../errors.js";
import { type Snapshot, snapshotHash } from "./snapshot.js";

/** One migration as it is on disk. */
export interface Migration {
  /** The folder's name: `0001_create_sessions`. */
  readonly name: string;
  /** What `sessgen migrate` runs; empty where another tool does. */
  readonly up: string;
  readonly down: string;
  readonly snapshot: Snapshot;
}

/** The migrations of each dialect, in order. */
export type History = ReadonlyMap<string, readonly Migration[]>;

/**
 * Sees to it that the migrations form one line, each following the one before.
 * @param folder - for messages
 * @throws SessgenError `migrate/branched` when two follow the same one, `migrate/broken-history`
 *   otherwise
 */
export function checkHistory(migrations: readonly Migration[], folder: string): void {
  let parent: Migration | undefined;
  for (const migration of migrations) {
    const expected = parent === undefined ? null : snapshotHash(parent.snapshot);
    if (migration.snapshot.parent !== expected) {
      const twin = migrations.find(
        (other) => other !== migration && other.snapshot.parent === migration.snapshot.parent,
      );
      throw twin === undefined
        ? new SessgenError(
            "migrate/broken-history",
            `${migration.name} does not follow ${parent?.name ?? "nothing"}`,
            { where: { file: `${folder}/${migration.name}` } },
          )
        : new SessgenError(
            "migrate/branched",
            `${twin.name} and ${migration.name} follow the same migration`,
            {
              where: { file: `${folder}/${migration.name}` },
              fix: `Delete ${migration.name} or ${twin.name}, whichever was applied nowhere, with all that follow it, and run \`npx sessgen\`: it makes new ones.`,
            },
          );
    }
    parent = migration;
  }
}
