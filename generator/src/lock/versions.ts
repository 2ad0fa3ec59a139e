import { basename, dirname } from "node:path";
import { SessgenError } from "../errors.js";
import { git } from "./git.js";
import type { Lock } from "./lock.js";
import { readLock } from "./text.js";

/** Commits that a merge or a fetch brought and that may be in no branch yet. */
const PENDING = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "FETCH_HEAD"];

/** So many runs of git at once. */
const BATCH = 16;

/**
 * Reads every lock of the application that a commit of the repository ever had: of all branches,
 * tags and stashes, and of what was amended or rebased away, as long as git knows it.
 *
 * @param path - the lock file, absolute
 * @throws SessgenError `lock/no-history` where git cannot tell
 */
export async function committedLocks({ application }: Lock, path: string): Promise<readonly Lock[]> {
  const [folder, file] = [dirname(path), basename(path)];
  await refuseWithout(folder, file);
  const locks: Lock[] = [];
  const ids = await versionsOf(folder, file);
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    const texts = await Promise.all(batch.map((id) => git(folder, "cat-file", "blob", id)));
    for (const [index, { code, out }] of texts.entries()) {
      if (code === 0 && !out.includes(application)) continue;
      const lock = code === 0 ? lockOf(out) : undefined;
      if (lock === undefined)
        throw noHistory(file, `it has a version of it that cannot be read, ${batch[index]}`);
      if (lock.application === application) locks.push(lock);
    }
  }
  return locks;
}

async function refuseWithout(folder: string, file: string): Promise<void> {
  const [shallow, ignored] = await Promise.all([
    git(folder, "rev-parse", "--is-shallow-repository"),
    git(folder, "check-ignore", "--quiet", file),
  ]);
  if (shallow.code !== 0) throw noHistory(file, "there is no repository, or no git");
  if (shallow.out.trim() === "true") throw noHistory(file, "the clone is shallow: git fetch --unshallow");
  if (ignored.code !== 1) throw noHistory(file, "git ignores it");
}

/** The ids of all that git ever had under that name, in any folder, or as another lock. */
async function versionsOf(folder: string, file: string): Promise<readonly string[]> {
  const names = await Promise.all(
    PENDING.map(async (name) =>
      (await git(folder, "rev-parse", "-q", "--verify", name)).code === 0 ? [name] : [],
    ),
  );
  const { code, out } = await git(
    folder,
    // The first commit has a difference, too, whatever the user's own config says.
    ...["-c", "log.showRoot=true", "log", "--all", "--reflog", ...names.flat()],
    ...["--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--format="],
    ...["--", `:(top,glob)**/${file}`, ":(top,glob)**/*.lock.json"],
  );
  // Before its first commit a repository has nothing that `git log` could begin at.
  if (code !== 0) {
    const { out: refs } = await git(folder, "for-each-ref", "--count=1");
    if (refs.trim() !== "") throw noHistory(file, "git log failed");
    return [];
  }
  const ids = out
    .split("\n")
    .flatMap((line) => /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) /.exec(line)?.slice(1) ?? []);
  return [...new Set(ids)].filter((id) => !/^0+$/.test(id));
}

function lockOf(text: string): Lock | undefined {
  try {
    return readLock(text, "lock");
  } catch {
    return undefined;
  }
}

function noHistory(file: string, why: string): SessgenError {
  return new SessgenError("lock/no-history", `git cannot tell what was ever committed of ${file}: ${why}`, {
    where: { file },
  });
}
