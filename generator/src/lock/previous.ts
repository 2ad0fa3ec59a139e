import type { Envelope } from "../errors.js";
import { type Deployed, deployedLog, movedLine, undecided } from "./deployed.js";
import { lockOrThrow } from "./existing.js";
import type { Lock } from "./lock.js";
import { sidesOf } from "./sides.js";
import { readLock, readSides } from "./text.js";

/** The lock that a run begins with, and what is to be said of a merge that it was left by. */
export interface Previous {
  readonly lock: Lock;
  readonly warnings: readonly Envelope[];
  readonly lines: readonly string[];
  /** Entries of one side were taken out: they are going to get new slots. */
  readonly lacksEntries?: boolean;
  /** What is deployed, where that was asked for. */
  readonly deployed?: Deployed | undefined;
}

/** What {@link previousLock} can be told. */
export interface PreviousOptions {
  /** The lock file, as messages name it. */
  readonly file: string;
  /** The same, absolute. */
  readonly path: string;
  /** Paths that get a fresh slot, since they were never deployed. */
  readonly renumber: readonly string[];
  /** The branch, tag or commit that is deployed, where git does not tell. */
  readonly deployed?: string;
}

/**
 * Reads the lock. Where git left both sides of a conflict, git is asked which of them is deployed.
 *
 * @throws SessgenError `lock/missing`, `lock/unreadable`, `lock/two-applications`, `cli/usage`
 */
export async function previousLock(
  found: string | undefined,
  { file, path, renumber, deployed: name }: PreviousOptions,
): Promise<Previous> {
  const text = lockOrThrow(found, file);
  if (sidesOf(text).length === 1)
    return { lock: readLock(text, file, { renumber }), warnings: [], lines: [] };
  const { application } = readLock(text, file);
  const deployed = await deployedLog({ application }, path, name);
  const { lock, behind, taken = [] } = readSides(text, file, { renumber, deployed: deployed?.log });
  return {
    lock,
    deployed,
    warnings: behind === undefined ? [] : [undecided(behind, file)],
    lacksEntries: taken.length > 0,
    lines: taken.length === 0 ? [] : [movedLine(taken, deployed?.name ?? "the other side")],
  };
}
