import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a program is on the PATH. */
export function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

/** Docker or Podman, whichever is there and answers. */
export function containerEngine(): string | undefined {
  return ["docker", "podman"].find((engine) => {
    if (!has(engine)) return false;
    try {
      execFileSync(engine, ["info"], { stdio: "pipe", timeout: 5000 });
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether this is a Debian where packages can be installed. */
export function isDebianAsRoot(): boolean {
  return process.getuid?.() === 0 && has("apt-get");
}

let updated = false;

/** Installs packages of Debian's; servers among them are not started. */
export function installPackages(...packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  if (!updated) execFileSync("apt-get", ["update"], { stdio: "pipe", env });
  updated = true;
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { stdio: "pipe", env });
}

/**
 * A folder in the user's cache, for what is downloaded or built once; outside of the repository.
 */
export function cacheFolder(name: string): string {
  const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const given = new Set<number>();

/**
 * A port that nobody listens on, and that was not given before. Below those that systems take for
 * outgoing connections (Linux: from 32768 on), for such a connection would have it before the
 * server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A process of the tests' own, in a temporary folder of its own. */
export interface Program {
  readonly folder: string;
  /** Rejects when the process ends by itself, with the last of what it said. */
  readonly failed: Promise<never>;
  freeze(): void;
  thaw(): void;
  /** Ends it at once, and leaves the folder as it is. */
  kill(): Promise<void>;
  /** Kills it and removes the folder. */
  stop(): Promise<void>;
}

/**
 * Starts a program.
 * @param args - gets the temporary folder
 */
export function startProgram(
  program: string,
  args: (folder: string) => readonly string[],
  options: { readonly folder?: string; readonly env?: NodeJS.ProcessEnv; readonly uid?: number } = {},
): Program {
  const folder = options.folder ?? temporaryFolder();
  let said = "";
  const child = spawn(program, args(folder), {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: folder,
    ...(options.env && { env: options.env }),
    ...(options.uid !== undefined && { uid: options.uid }),
  });
  const killAll = (): void => signalTree(child.pid, "SIGKILL");
  // Whatever ends the tests ends their servers.
  process.once("exit", killAll);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      said = (said + data.toString()).slice(-1000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
    child.once("exit", () => process.off("exit", killAll));
  });
  const failed = ended.then((): never => {
    throw new Error(`${program} ended: ${said.trim()}`);
  });
  failed.catch(() => {});
  const kill = (): Promise<void> => {
    signalTree(child.pid, "SIGKILL");
    return ended;
  };
  return {
    folder,
    failed,
    freeze: () => signalTree(child.pid, "SIGSTOP"),
    thaw: () => signalTree(child.pid, "SIGCONT"),
    kill,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signals a process and all it has started: some servers have a process per connection. */
function signalTree(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  for (const child of childrenOf(pid)) signalTree(child, signal);
  try {
    process.kill(pid, signal);
    if (signal === "SIGSTOP") untilStopped(pid);
  } catch {
    // It has ended already.
  }
}

/** A process that is told to stop may answer once more before it does. */
function untilStopped(pid: number): void {
  const deadline = Date.now() + 1000;
  while (Date.now() < deadline) {
    const { stdout } = spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" });
    if (/^[TZ]/.test((stdout ?? "T").trim())) return;
  }
}

function childrenOf(pid: number): number[] {
  const listed = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return (listed.stdout ?? "")
    .split("\n")
    .map(Number)
    .filter((child) => child > 0);
}

/** A folder for a server's data. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "sessgen-service-"));
}

/** Tries again every 100 ms until it works, at most a minute. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
