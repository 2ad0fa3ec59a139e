import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Who holds something in a folder that processes share: where its number counts, its number, and
 * when it began there. A number alone says little: in another container it is another process's,
 * though the host's name be the same, and a restart gives it out again. On Linux it is the
 * thread's, which for a process's first one is the process's: others may end before their process.
 */
export interface Owner {
  /** Letters and digits: the machine since it was started, and the PID namespace. */
  readonly place: string;
  readonly pid: number;
  /** Letters and digits: what the system says of the moment it began; `-` where it does not. */
  readonly begun: string;
}

/** This process, or this thread of it. */
export const thisOwner: Owner = { place: placeOf(), pid: numberOf(), begun: begunOf("thread-self") };

/**
 * Tells whether a process or thread has certainly ended. Of one elsewhere nobody knows: what it
 * holds has to be left to it until it is older than anything it does.
 */
export function hasEnded({ place, pid, begun }: Owner): boolean {
  if (place !== thisOwner.place) return false;
  try {
    // Signal 0 only asks whether there is such a process.
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const now = begunOf(String(pid));
  return begun !== "-" && now !== "-" && begun !== now;
}

/**
 * Linux tells its PID namespaces apart; elsewhere a machine has one. Where /proc is another
 * namespace's, or missing, nobody can judge.
 */
function placeOf(): string {
  if (process.platform !== "linux") return short(hostname());
  try {
    if (readlinkSync("/proc/self") !== String(process.pid)) throw new Error("not this namespace's");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    return short(boot + readlinkSync("/proc/self/ns/pid"));
  } catch {
    return randomBytes(8).toString("hex");
  }
}

/** See proc_thread-self(5). */
function numberOf(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/")[2]);
  } catch {
    return process.pid;
  }
}

/**
 * The 22nd field of proc_pid_stat(5), in ticks since the machine was started. The second one may
 * hold spaces and parentheses.
 */
function begunOf(process: string): string {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
