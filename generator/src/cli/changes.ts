import { join } from "node:path";
import { acceptsOf } from "../changes/accept.js";
import { readAgainst, readCommitted, readParted, type Sought } from "../changes/against.js";
import { type Change, compareStates } from "../changes/compare.js";
import { compareLogs } from "../changes/logs.js";
import { type Judged, judge } from "../changes/report/judged.js";
import { type State, stateOf } from "../changes/state.js";
import { type Envelope, envelopeOf, SessgenError } from "../errors.js";
import { readLock } from "../lock/text.js";
import type { Prepared } from "../output/prepare.js";
import { catalog } from "./catalog.js";

/** What an earlier version is named by, and which changes are let through. */
export interface ChangeOptions {
  readonly cwd: string;
  readonly against: string;
  readonly accept: readonly string[];
}

/** How two versions differ. */
export interface Changes {
  readonly before: State;
  readonly changes: readonly Judged[];
  /** Of a branch that lacks commits: it is compared with where the two parted. */
  readonly behind?: SessgenError;
}

/**
 * Compares what is prepared with an earlier version.
 * @throws SessgenError `changes/…`, `lock/…`
 */
export async function changesAgainst(options: ChangeOptions, prepared: Prepared): Promise<Changes> {
  const accepts = acceptsOf(options.accept);
  const sought = soughtOf(prepared, options.cwd);
  const named = await readAgainst(options.against, sought);
  const parted = await readParted(options.against, named, sought);
  const before = parted ?? named;
  const { file, root, lock } = prepared.loaded.config;
  const files = { config: file, lock: join(root, lock) };
  const changes = judge(between(before, prepared), files, accepts);
  if (parted === undefined) return { before, changes };
  const keys = compareLogs(named.lock, prepared.lock).missing.map(({ key }) => key);
  const summary = `${options.against} has given out slots that this lock lacks (${keys.join(", ")}), in commits that are not merged here; compared with where the two parted, ${parted.name}`;
  return { before, changes, behind: new SessgenError("changes/behind", summary, { where: { file: lock } }) };
}

/**
 * Compares what is prepared with the version that was committed last, after a merge with the one
 * that is deployed; where git cannot tell, with the lock that is about to be replaced. Where that
 * cannot be read, a warning says why.
 */
export async function changesMade(
  prepared: Prepared,
  cwd: string,
): Promise<{ readonly changes: readonly Change[]; readonly warning?: Envelope }> {
  const { lockText, loaded, merge } = prepared;
  const { lock: file } = loaded.config;
  try {
    const sought = soughtOf(prepared, cwd);
    const { onto } = merge;
    const known = onto === undefined ? await readCommitted(sought) : await readAgainst(onto, sought);
    const before = known ?? (lockText === undefined ? undefined : readBegun(lockText, file));
    return { changes: before === undefined ? [] : between(before, prepared) };
  } catch (error) {
    const why = error instanceof SessgenError ? `${error.message} [${error.code}]` : String(error);
    const summary = `What this change means to stored sessions is not known: ${why}`;
    return { changes: [], warning: envelopeOf("changes/not-compared", summary, { where: { file } }) };
  }
}

/**
 * Reads a state; `undefined`: nothing was ever made of the lock, as a script writes one that
 * begins.
 */
function readBegun(text: string, file: string): State | undefined {
  const lock = readLock(text, file);
  return lock.snapshot === undefined && lock.log.length === 0 ? undefined : stateOf(lock, file);
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
