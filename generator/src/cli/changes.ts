import { join } from "node:path";
import { acceptsOf } from "../changes/accept.js";
import { readAgainst, readCommitted, type Sought } from "../changes/against.js";
import { type Change, compareStates } from "../changes/compare.js";
import { type Judged, judge } from "../changes/report/judged.js";
import { readState, type State, stateOf } from "../changes/state.js";
import type { Prepared } from "../output/prepare.js";
import { catalog } from "./catalog.js";

/** What an earlier version is named by, and which changes are let through. */
export interface ChangeOptions {
  readonly cwd: string;
  readonly against: string;
  readonly accept: readonly string[];
}

/**
 * Compares what is prepared with an earlier version.
 * @throws SessgenError `changes/…`, `lock/…`
 */
export async function changesAgainst(
  options: ChangeOptions,
  prepared: Prepared,
): Promise<{ readonly before: State; readonly changes: readonly Judged[] }> {
  const accepts = acceptsOf(options.accept);
  const before = await readAgainst(options.against, soughtOf(prepared, options.cwd));
  const { file, root, lock } = prepared.loaded.config;
  const files = { config: file, lock: join(root, lock) };
  const changes = judge(between(before, prepared), files, accepts);
  return { before, changes };
}

/**
 * Compares what is prepared with the version that was committed last, after a merge with the one
 * that is deployed; where git cannot tell, with the lock that is about to be replaced. None where
 * that cannot be read.
 */
export async function changesMade(prepared: Prepared, cwd: string): Promise<readonly Change[]> {
  const { lockText, loaded, merge } = prepared;
  const sought = soughtOf(prepared, cwd);
  try {
    if (merge.onto !== undefined) return between(await readAgainst(merge.onto, sought), prepared);
    const committed = await readCommitted(sought);
    const before =
      committed ?? (lockText === undefined ? undefined : readState(lockText, loaded.config.lock));
    return before === undefined ? [] : between(before, prepared);
  } catch {
    // Such as a lock without a snapshot, as a script writes that begins a project.
    return [];
  }
}

/** Tells whether `sessgen migrate` makes and fills the indexes of a kind of backend. */
export function isMigrated(kind: string): boolean {
  return catalog.backends.get(kind)?.live !== undefined;
}

function between(before: State, { lock, loaded }: Prepared): readonly Change[] {
  // Plain data, as it is going to be read.
  const written = JSON.parse(JSON.stringify(lock.snapshot)) as NonNullable<Prepared["lock"]["snapshot"]>;
  return compareStates(before, stateOf({ ...lock, snapshot: written }, loaded.config.lock), isMigrated);
}

function soughtOf({ lock: current, loaded }: Prepared, cwd: string): Sought {
  const { root, lock } = loaded.config;
  return { cwd, root, lock, current };
}
