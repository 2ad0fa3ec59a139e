import { execFile } from "node:child_process";

/**
 * How long git may take, in milliseconds: it searches whole commits, of large repositories, too.
 */
const TIMEOUT = 30_000;

/** What a run of git gave. */
export interface GitRun {
  /** `0`: done. Otherwise git's exit code, or why it could not be started, such as `ENOENT`. */
  readonly code: unknown;
  readonly out: string;
}

/** Runs git in a folder. */
export function git(cwd: string, ...args: string[]): Promise<GitRun> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: TIMEOUT, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    execFile("git", args, options, (error, out) => resolve({ code: error === null ? 0 : error.code, out }));
  });
}

/** Gives the folder of the repository; `undefined` where there is none, or no git. */
export async function topOf(folder: string): Promise<string | undefined> {
  const { code, out } = await git(folder, "rev-parse", "--show-toplevel");
  return code === 0 ? out.trim() : undefined;
}
