import { basename, dirname } from "node:path";
import { git } from "./git.js";
import type { Lock } from "./lock.js";
import { readLock } from "./text.js";

/**
 * Asks git how many entries of the log, from its beginning, the last commit has, too.
 *
 * @param file - the lock file, absolute
 * @returns `undefined` where git cannot tell: there is none, no repository, or it ignores the file
 */
export async function committedEntries(lock: Lock, file: string): Promise<number | undefined> {
  const [folder, name] = [dirname(file), basename(file)];
  const shown = await git(folder, "show", `HEAD:./${name}`);
  if (shown.code !== 0) {
    // A file that is not ignored is going to be committed, and nothing of it is yet.
    const ignored = await git(folder, "check-ignore", "--quiet", name);
    return ignored.code === 1 ? 0 : undefined;
  }
  try {
    return commonLength(lock, readLock(shown.out, name));
  } catch {
    return undefined;
  }
}

function commonLength(one: Lock, other: Lock): number {
  if (one.application !== other.application) return 0;
  const differs = one.log.findIndex(({ key, slot, type }, index) => {
    const entry = other.log[index];
    return entry === undefined || entry.key !== key || entry.slot !== slot || entry.type !== type;
  });
  return differs === -1 ? one.log.length : differs;
}
