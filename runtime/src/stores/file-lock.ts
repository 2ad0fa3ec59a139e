import { open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { SessionError } from "../errors.js";
import { pause, timedOut } from "./gate.js";

/** Between two attempts, in milliseconds. */
const RETRY = 2;
/** Longer than any write takes; who waits this long gives up. */
const PATIENCE = 5000;

/**
 * Runs the work while holding `<path>.lock`, which names its owner. The lock of a process that has died is taken away.
 * @throws SessionError `store/timeout` when the signal aborts, `store/locked` when somebody holds the lock for too long
 */
export async function withFileLock<T>(
  path: string,
  mode: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  const giveUp = Date.now() + PATIENCE;
  while (!(await take(lock, mode))) {
    if (signal?.aborted) throw timedOut("file", signal.reason);
    if (Date.now() > giveUp)
      throw new SessionError("store/locked", "Another process keeps the lock of the session");
    await breakDead(lock);
    await pause(RETRY, signal);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** `O_EXCL` makes exactly one of all who try succeed. */
async function take(lock: string, mode: number): Promise<boolean> {
  try {
    const file = await open(lock, "wx", mode);
    await file.writeFile(`${hostname()} ${process.pid}`).finally(() => file.close());
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    // A lock that could be made but not written (a full disk) must not stay.
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") await rm(lock, { force: true });
    throw error;
  }
}

/** Removes the lock of a process of this machine that is gone. */
async function breakDead(lock: string): Promise<void> {
  const owner = await readFile(lock, "utf8").catch(() => "");
  const [host, pid] = owner.split(" ");
  if (host !== hostname() || pid === undefined || isAlive(Number(pid))) return;
  // Renamed first, since of several who found it dead only one succeeds; looked at again, since another may have broken it
  // and a third taken it in between.
  const aside = `${lock}.${process.pid}.dead`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8")) !== owner) await rename(aside, lock);
  else await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is alive and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
