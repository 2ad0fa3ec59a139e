import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { temporaryFolder } from "./machine.js";

/** A file system with little room. */
export interface SmallDisk {
  readonly folder: string;
  /** Gives it more room, beside whoever uses it. */
  grow(size: string): void;
  remove(): void;
}

/** Only root may mount one, on Linux. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0;

/**
 * Mounts one.
 * @param size - as mount has it: `4m`
 * @param owner - id of the user whose folder it is
 */
export function smallDisk(size: string, owner: number): SmallDisk {
  const folder = temporaryFolder();
  const options = `size=${size},uid=${owner},gid=${owner},mode=0700`;
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  return {
    folder,
    grow: (more) => void execFileSync("mount", ["-o", `remount,size=${more}`, folder]),
    remove: () => {
      execFileSync("umount", [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
