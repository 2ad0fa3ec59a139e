import { randomBytes } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { SessionError } from "../../errors.js";
import { timedOut } from "../../time/deadline.js";
import { pause } from "../../time/pause.js";
import { hasEnded, thisOwner } from "../shared/owner.js";

/** Between two attempts, in milliseconds. */
const RETRY = 2;
/** Longer than any write takes; who waits this long gives up. */
const PATIENCE = 5000;
/**
 * The age, in milliseconds, from which a lock counts as left behind whoever it names: of a process
 * in another container or on another host nobody here can tell whether it has ended, and a crash
 * may leave a lock that names nobody.
 */
const STALE = 10_000;

/**
 * Runs the work while holding `<path>.lock`, which names its owner. A lock whose process has died,
 * or that is older than any write takes, is taken away.
 *
 * @param work - gets a function that throws when the lock was lost meanwhile; to be called right
 *   before a change
 * @throws SessionError `store/timeout` when the signal aborts, `store/locked` when somebody holds
 *   the lock for too long
 */
export async function withFileLock<T>(
  path: string,
  mode: number,
  signal: AbortSignal | undefined,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  const owner = ownerText();
  const giveUp = Date.now() + PATIENCE;
  while (!(await take(lock, owner, mode))) {
    if (signal?.aborted) throw timedOut("file", signal.reason);
    if (Date.now() > giveUp)
      throw new SessionError("store/locked", "Another process keeps the lock of the session");
    await breakStale(lock, mode);
    await pause(RETRY, signal);
  }
  const isHeld = async (): Promise<boolean> => (await contentOf(lock)) === owner;
  try {
    return await work(async () => {
      if (!(await isHeld())) throw new SessionError("store/locked", "The lock of the session was lost");
    });
  } finally {
    // Whoever was suspended for long has lost the lock: the one that is there now is another's.
    if (await isHeld()) await rm(lock, { force: true });
  }
}

/** Removes the lock if its process is gone, or if it is older than any write takes. */
export async function breakStale(lock: string, mode: number): Promise<void> {
  if (!(await isStale(lock))) return;
  // One at a time, and looked at again: otherwise the second to find it stale would remove the lock
  // that somebody took after the first had removed the stale one.
  const breaker = `${lock}.break`;
  if (!(await take(breaker, "", mode))) {
    if ((await ageOf(breaker)) > STALE) await rm(breaker, { force: true });
    return;
  }
  try {
    if (await isStale(lock)) await rm(lock, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

/** Gives what a lock of this process says; no two are the same. */
export function ownerText(): string {
  const { place, pid, begun } = thisOwner;
  return `${place} ${pid} ${begun} ${randomBytes(6).toString("hex")}`;
}

/**
 * Tells how long ago a file was written, in milliseconds; below zero when there is none. Files bear
 * the real time.
 */
export async function ageOf(path: string): Promise<number> {
  const file = await stat(path).catch(() => undefined);
  return file === undefined ? -1 : Date.now() - file.mtimeMs;
}

/** `O_EXCL` makes exactly one of all who try succeed. */
async function take(lock: string, owner: string, mode: number): Promise<boolean> {
  try {
    const file = await open(lock, "wx", mode);
    await file.writeFile(owner).finally(() => file.close());
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    // A lock that could be made but not written (a full disk) must not stay.
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") await rm(lock, { force: true });
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  const [place = "", pid = "", begun = ""] = (await contentOf(lock)).split(" ");
  if (/^\d+$/.test(pid) && hasEnded({ place, pid: Number(pid), begun })) return true;
  return (await ageOf(lock)) > STALE;
}

function contentOf(lock: string): Promise<string> {
  return readFile(lock, "utf8").catch(() => "");
}
