import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasEnded, thisOwner } from "../shared/owner.js";

/**
 * What a process does with an environment; its flag is a link of that name. Closing counts as
 * writing: opening waits for both.
 */
type Doing = "opening" | "writing";

/** How often others are looked at again, in milliseconds. */
const POLL = 2;
/**
 * For how many milliseconds, about, the end of a process waits for those who open an environment.
 */
const PATIENCE = 500;
/**
 * After so many milliseconds a flag is nobody's: of a process that hangs, or of one in another
 * container, which nobody here sees end.
 */
const FORGOTTEN = 60_000;

/**
 * Lets those who open an environment and those who write to it or close it take turns, among all
 * processes. LMDB should do without, but in the package lmdb (3.5.6) it has the bug ITS#9496:
 * whoever opens an environment sets the number of the last transaction to the one it read a moment
 * before, and what another process committed meanwhile is lost, or the database is damaged
 * (https://bugs.openldap.org/show_bug.cgi?id=9496). And who closes it as the last one destroys its
 * mutexes, which somebody who opens it at that moment then uses (`mdb_env_close_active` in mdb.c).
 *
 * Each raises a flag first and then looks at the others': of two that come at the same time at
 * least one sees the other. Who wants to write gives way. Flags are links in the environment's
 * folder, for these need no room on a full disk.
 */
export class LmdbTurns {
  readonly #folder: string;
  /** How many writes of this thread there are. */
  #writes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the environment while nobody writes. */
  async open<T>(work: () => T): Promise<T> {
    const flag = this.#raise("opening");
    try {
      while (this.#anyone("writing")) await sleep(POLL);
      return work();
    } finally {
      lower(flag);
    }
  }

  /** Writes while nobody opens the environment. */
  async write<T>(work: () => T | Promise<T>): Promise<T> {
    const flag = await this.#giveWay();
    this.#writes += 1;
    try {
      return await work();
    } finally {
      this.#writes -= 1;
      lower(flag);
    }
  }

  /** Closes the environment while nobody opens it. */
  async close(work: () => Promise<void>): Promise<void> {
    // Where no flag can be raised, the folder is gone or read-only: nobody else can open it either.
    const flag = await this.#giveWay().catch(() => undefined);
    try {
      await work();
    } finally {
      if (flag !== undefined) lower(flag);
    }
  }

  /**
   * Closes the environment at the end of the process, where nothing can be awaited. Who opens it is
   * waited for, but not for ever. Under a write it stays open: that goes on and ends by itself, and
   * its flag falls with the process.
   */
  closeNow(work: () => void): void {
    if (this.#writes > 0) return;
    let flag: string | undefined;
    try {
      flag = this.#flagToWrite();
      for (let waited = 0; flag === undefined && waited < PATIENCE; waited += POLL) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL);
        flag = this.#flagToWrite();
      }
    } catch {
      // As in close().
    }
    work();
    if (flag !== undefined) lower(flag);
  }

  /** Gives a flag that stands while nobody opens the environment. */
  async #giveWay(): Promise<string> {
    for (;;) {
      const flag = this.#flagToWrite();
      if (flag !== undefined) return flag;
      await sleep(POLL);
    }
  }

  /** Raises a flag, and lowers it again where somebody opens the environment. */
  #flagToWrite(): string | undefined {
    const flag = this.#raise("writing");
    let stands = false;
    try {
      stands = !this.#anyone("opening");
    } finally {
      if (!stands) lower(flag);
    }
    return stands ? flag : undefined;
  }

  #raise(doing: Doing): string {
    flags += 1;
    const { place, pid, begun } = thisOwner;
    const flag = join(this.#folder, `${doing}.${place}.${pid}.${begun}.${ours}-${flags}`);
    // A junction is what Windows lets everybody make; elsewhere the type means nothing.
    symlinkSync(this.#folder, flag, "junction");
    return flag;
  }

  #anyone(doing: Doing): boolean {
    const raised = readdirSync(this.#folder).filter((name) => name.startsWith(`${doing}.`));
    return raised.some((name) => {
      const flag = join(this.#folder, name);
      if (isRaised(flag, name)) return true;
      lower(flag);
      return false;
    });
  }
}

/** Tells apart who shares a process: its threads, and several copies of this module. */
const ours = randomBytes(8).toString("hex");
let flags = 0;

/** Whether there is still somebody behind a flag. */
function isRaised(flag: string, name: string): boolean {
  const [, place = "", pid, begun = ""] = name.split(".");
  if (hasEnded({ place, pid: Number(pid), begun })) return false;
  const made = lstatSync(flag, { throwIfNoEntry: false })?.mtimeMs;
  // One of the future was made before the clock was set back.
  return made !== undefined && Math.abs(Date.now() - made) <= FORGOTTEN;
}

function lower(flag: string): void {
  try {
    unlinkSync(flag);
  } catch {
    // Somebody else has cleared it away; or the disk was made read-only, where nobody can raise one
    // either.
  }
}
