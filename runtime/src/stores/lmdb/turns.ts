import { createHash, randomBytes } from "node:crypto";
import { lstatSync, readdirSync, symlinkSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process does with an environment; its flag is a link of that name. */
type Doing = "opening" | "writing";

/** How often others are looked at again, in milliseconds. */
const POLL = 2;
/** After so many milliseconds a flag is nobody's: of a process that hangs, or of another machine or container that is gone. */
const FORGOTTEN = 60_000;

/**
 * Lets those who open an environment and those who write to it take turns, among all processes. LMDB should do without, but in
 * the package lmdb (3.5.6) it has the bug ITS#9496: whoever opens an environment sets the number of the last transaction to the one it read
 * a moment before, and what another process committed meanwhile is lost, or the database is damaged
 * (https://bugs.openldap.org/show_bug.cgi?id=9496).
 *
 * Each raises a flag first and then looks at the others': of two that come at the same time at least one sees the other. Who wants
 * to write gives way. Flags are links in the environment's folder, for these need no room on a full disk.
 */
export class LmdbTurns {
  readonly #folder: string;

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
    for (;;) {
      const flag = this.#raise("writing");
      try {
        if (!this.#anyone("opening")) return await work();
      } finally {
        lower(flag);
      }
      await sleep(POLL);
    }
  }

  #raise(doing: Doing): string {
    flags += 1;
    const flag = join(this.#folder, `${doing}.${machine}.${process.pid}.${ours}-${flags}`);
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

/** Tells machines and containers apart, which do not see each other's processes. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Whether there is still somebody behind a flag. */
function isRaised(flag: string, name: string): boolean {
  const [, home, pid] = name.split(".");
  try {
    if (Date.now() - lstatSync(flag).mtimeMs > FORGOTTEN) return false;
    // Signal 0 only asks whether there is such a process.
    if (home === machine) process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // Of another user: it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function lower(flag: string): void {
  try {
    unlinkSync(flag);
  } catch {
    // Somebody else has cleared it away; or the disk was made read-only, where nobody can raise one either.
  }
}
