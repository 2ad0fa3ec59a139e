import { basename, dirname } from "node:path";
import { deployedLog } from "./deployed.js";
import { git } from "./git.js";
import { commonLength, type Lock } from "./lock.js";
import { readLock } from "./text.js";

/**
 * Asks git how many entries of the log, from its beginning, are committed: in the last commit, in
 * the one that is being merged, or where deploys come from.
 *
 * @param file - the lock file, absolute
 * @returns `undefined` where git cannot tell: there is none, no repository, or it ignores the file
 */
export async function committedEntries(lock: Lock, file: string): Promise<number | undefined> {
  // A file that is not ignored is committed, or is going to be.
  const ignored = await git(dirname(file), "check-ignore", "--quiet", basename(file));
  if (ignored.code !== 1) return undefined;
  const [last, merging, deployed] = await Promise.all([
    entriesIn("HEAD", lock, file),
    entriesIn("MERGE_HEAD", lock, file),
    deployedLog(lock, file),
  ]);
  if (last === "unreadable") return undefined;
  return Math.max(
    last ?? 0,
    typeof merging === "number" ? merging : 0,
    commonLength(lock.log, deployed?.log ?? []),
  );
}

/** Counts those that a commit has; `undefined` where it has no lock. */
async function entriesIn(
  commit: string,
  lock: Lock,
  file: string,
): Promise<number | "unreadable" | undefined> {
  const name = basename(file);
  const { code, out } = await git(dirname(file), "show", `${commit}:./${name}`);
  if (code !== 0) return undefined;
  try {
    const other = readLock(out, name);
    return other.application === lock.application ? commonLength(lock.log, other.log) : 0;
  } catch {
    return "unreadable";
  }
}
