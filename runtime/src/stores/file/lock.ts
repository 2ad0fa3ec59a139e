import { randomBytes } from "node:crypto";
import { lstat, readlink, rm, symlink } from "node:fs/promises";
import { basename } from "node:path";
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
 * in another container or on another host nobody here can tell whether it has ended.
 */
const STALE = 10_000;

/**
 * Runs the work while holding `<path>.lock`, a link that leads nowhere: it names its owner from the
 * moment when it is there, and needs no room on a full disk. A lock whose process or thread has
 * ended, or that is older than any write takes, is taken away.
 *
 * @param work - gets a function that throws when the lock was lost meanwhile; to be called right
 *   before a change
 * @throws SessionError `store/timeout` when the signal aborts, `store/locked` when somebody holds
 *   the lock for too long
 */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  const owner = ownerText();
  const giveUp = Date.now() + PATIENCE;
  while (!(await take(lock, owner))) {
    if (signal?.aborted) throw timedOut("file", signal.reason);
    if (Date.now() > giveUp)
      throw new SessionError("store/locked", "Another process keeps the lock of the session");
    await breakStale(lock);
    await pause(RETRY, signal);
  }
  const isHeld = async (): Promise<boolean> => (await ownerOf(lock)) === owner;
  try {
    return await work(async () => {
      if (!(await isHeld())) throw new SessionError("store/locked", "The lock of the session was lost");
    });
  } finally {
    // Whoever was suspended for long has lost the lock: the one that is there now is another's.
    if (await isHeld()) await rm(lock, { force: true });
  }
}

/** Removes the lock if its owner is gone, or if it is older than any write takes. */
export async function breakStale(lock: string): Promise<void> {
  if (!(await isStale(lock))) return;
  // One at a time, and looked at again: otherwise the second to find it stale would remove the lock
  // that somebody took after the first had removed the stale one. Who does so may end, too.
  const breaker = `${lock}.break`;
  if (!(await take(breaker, ownerText()))) {
    await breakStale(breaker);
    if (!(await take(breaker, ownerText()))) return;
  }
  try {
    if (await isStale(lock)) await rm(lock, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

/** Tells whether it is the name of a lock, or of one that {@link breakStale} takes to break it. */
export function isLock(name: string): boolean {
  return /\.session\.lock(\.break)*$/.test(name);
}

/** Gives what a lock of this process says; no two are the same. */
export function ownerText(): string {
  const { place, pid, begun } = thisOwner;
  return `${place}.${pid}.${begun}.${randomBytes(6).toString("hex")}`;
}

/**
 * Tells how long ago a file or a link was made, in milliseconds; below zero when there is none.
 * They bear the real time. One of the future is as old as it is far: the clock was set back.
 */
export async function ageOf(path: string): Promise<number> {
  const file = await lstat(path).catch(() => undefined);
  return file === undefined ? -1 : Math.abs(Date.now() - file.mtimeMs);
}

/** Exactly one of all who try succeeds. */
async function take(lock: string, owner: string): Promise<boolean> {
  try {
    // A junction is what Windows lets everybody make; elsewhere the type means nothing.
    await symlink(owner, lock, "junction");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  const [place = "", pid = "", begun = ""] = (await ownerOf(lock)).split(".");
  if (/^\d+$/.test(pid) && hasEnded({ place, pid: Number(pid), begun })) return true;
  return (await ageOf(lock)) > STALE;
}

/** What a lock says. Windows makes a whole path of it. */
async function ownerOf(lock: string): Promise<string> {
  return basename(await readlink(lock).catch(() => ""));
}
