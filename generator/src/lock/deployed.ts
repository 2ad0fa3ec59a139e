import { basename, dirname } from "node:path";
import { type Envelope, envelopeOf, SessgenError } from "../errors.js";
import { git } from "./git.js";
import { type Allocation, commonLength, type Lock } from "./lock.js";
import { readLock } from "./text.js";

/** What is deployed usually comes from one of these: the first that git knows. */
const BRANCHES = [
  "remotes/origin/HEAD",
  "remotes/origin/main",
  "remotes/origin/master",
  "heads/main",
  "heads/master",
];

/** The lock of a commit that is deployed, or is where deploys come from. */
export interface Deployed {
  /** What git calls the commit. */
  readonly name: string;
  readonly log: readonly Allocation[];
}

/**
 * Reads the log that is deployed, as far as git tells.
 *
 * @param file - the lock file, absolute
 * @param name - a branch, a tag or a commit; by default where the remote's HEAD is, or `main`
 * @returns `undefined` where git knows no usual branch, or its lock is no use here
 * @throws SessgenError `cli/usage` when git does not know the name that was given, or the lock
 *   there is another application's; `lock/…` when that cannot be read
 */
export async function deployedLog(
  { application }: Pick<Lock, "application">,
  file: string,
  name?: string,
): Promise<Deployed | undefined> {
  const folder = dirname(file);
  const commit = name ?? (await usualBranch(folder));
  if (commit === undefined) return undefined;
  const shown = commit.startsWith("-")
    ? undefined
    : await git(folder, "show", `${commit}:./${basename(file)}`);
  if (shown?.code !== 0) {
    if (name === undefined || (await isCommit(folder, commit))) return { name: commit, log: [] };
    throw new SessgenError("cli/usage", `--deployed names a branch, a tag or a commit; git knows no ${name}`);
  }
  try {
    const lock = readLock(shown.out, `${basename(file)} of ${commit}`);
    if (lock.application === application) return { name: commit, log: lock.log };
  } catch (error) {
    // Nobody has asked for the usual branch: it is as if git knew of none.
    if (name !== undefined) throw error;
  }
  if (name === undefined) return undefined;
  throw new SessgenError("cli/usage", `--deployed ${name}: the lock there is of another application`);
}

/** Finds the branch that deploys usually come from, if there is one of these. */
async function usualBranch(folder: string): Promise<string | undefined> {
  const names = BRANCHES.map((name) => `refs/${name}`);
  const { code, out } = await git(folder, "for-each-ref", "--format=%(refname) %(symref)", ...names);
  if (code !== 0) return undefined;
  const found = new Map(
    out.split("\n").map((line) => {
      const [ref = "", target = ""] = line.split(" ");
      return [ref, target] as const;
    }),
  );
  const first = names.find((name) => found.has(name));
  return first && (found.get(first) || first).replace(/^refs\/(?:remotes|heads)\//, "");
}

/** What {@link divergence} compares with. */
export interface DivergenceOptions {
  /** The lock file, as messages name it. */
  readonly file: string;
  /** The same, absolute. */
  readonly path: string;
  /** What the user said is deployed. */
  readonly name: string | undefined;
  /** What is deployed, if it was read already. */
  readonly deployed: Deployed | undefined;
}

/**
 * Warns where the commit that is deployed is part of what is checked out, or is being merged into
 * it, and the lock does not go on as its does: it was merged by hand, or in the wrong order.
 */
export async function divergence(
  lock: Lock,
  { file, path, name, deployed }: DivergenceOptions,
): Promise<Envelope | undefined> {
  const known = deployed ?? (await deployedLog(lock, path, name));
  if (known === undefined) return undefined;
  const lost = known.log.slice(commonLength(known.log, lock.log));
  if (lost.length === 0) return undefined;
  // A branch that has not got it yet is going to.
  if (name === undefined && !(await isWithin(dirname(path), known.name))) return undefined;
  return envelopeOf(
    "lock/diverged",
    `${file} does not go on as ${known.name} does, whose sessions lose ${keysOf(lost)}`,
    {
      where: { file },
      fix: `Take its lock, git checkout ${known.name} -- ${file}, and run npx sessgen again: what is new here comes behind it.`,
    },
  );
}

/** Warns where two sides were merged and nothing tells which one is deployed. */
export function undecided(behind: readonly Allocation[], file: string): Envelope {
  return envelopeOf(
    "lock/diverged",
    `${file} goes on as that of HEAD, for git does not tell what is deployed; sessions of the other side lose ${keysOf(behind)}`,
    {
      where: { file },
      fix: `If the other side is deployed: git checkout --merge -- ${file}, then npx sessgen --deployed BRANCH.`,
    },
  );
}

/** Says which got slots anew, since what is deployed has something else in those they had. */
export function movedLine(taken: readonly Allocation[], name: string): string {
  return `Got new slots, for ${name} gave theirs to something else: ${keysOf(taken)}`;
}

function keysOf(allocations: readonly Allocation[]): string {
  return [...new Set(allocations.map(({ key }) => key))].join(", ");
}

async function isCommit(folder: string, name: string): Promise<boolean> {
  if (name.startsWith("-")) return false;
  return (await git(folder, "rev-parse", "--quiet", "--verify", `${name}^{commit}`)).code === 0;
}

/** Whether a commit is part of what is checked out, or of what is being merged into it. */
async function isWithin(folder: string, name: string): Promise<boolean> {
  const runs = ["HEAD", "MERGE_HEAD"].map((tip) => git(folder, "merge-base", "--is-ancestor", name, tip));
  return (await Promise.all(runs)).some(({ code }) => code === 0);
}
