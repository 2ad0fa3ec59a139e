import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Service } from "./service.js";

const inMemory = ["--save", "", "--appendonly", "no"];

/** Redis: an address in REDIS_URL, a program on the PATH, a container, or Debian's package. */
export async function startRedis(): Promise<Service> {
  const given = process.env["REDIS_URL"];
  if (given !== undefined)
    return { name: "redis", ...(await probe(given)), origin: "REDIS_URL", stop: async () => {} };
  if (redisProgram() !== undefined) return { name: "redis", ...(await startRedisServer()) };
  if (!installable())
    throw new Error("no REDIS_URL, no redis-server on the PATH, no Docker or Podman, and not root on Debian");
  execFileSync("apt-get", ["update"], { stdio: "pipe" });
  // No policy: Debian would start the server on its standard port.
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "redis-server"], {
    stdio: "pipe",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  });
  return { name: "redis", ...(await startRedisServer()), origin: "Debian package" };
}

/** A Redis that a test has to itself. */
export interface RedisServer {
  readonly url: string;
  readonly version: string;
  readonly origin: string;
  /** Lets it answer nobody, with connections open, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** What servers of one's own can be started with; `undefined` when there is nothing. */
export function redisProgram(): string | undefined {
  if (has("redis-server")) return "redis-server";
  return ["docker", "podman"].find((program) => has(program) && answers(program));
}

/** A server of its own, with more of its arguments; for tests of a read-only or full one. */
export async function startRedisServer(...args: string[]): Promise<RedisServer> {
  const program = redisProgram();
  if (program === undefined) throw new Error("no redis-server on the PATH, no Docker or Podman");
  return program === "redis-server" ? fromProgram(args) : fromContainer(program, args);
}

async function fromProgram(args: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-redis-"));
  const port = await freePort();
  const child = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, ...inMemory, ...args],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const early = ended.then(() => {
    throw new Error("redis-server ended at once");
  });
  try {
    const server = await Promise.race([probe(`redis://127.0.0.1:${port}`), early]);
    return {
      ...server,
      origin: "on the PATH",
      freeze: () => child.kill("SIGSTOP"),
      thaw: () => child.kill("SIGCONT"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fromContainer(engine: string, args: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const run = (...command: string[]): string => execFileSync(engine, command, { encoding: "utf8" }).trim();
  const image = "docker.io/library/redis:7-alpine";
  const id = run(
    "run",
    "-d",
    "--rm",
    "-p",
    `127.0.0.1:${port}:6379`,
    image,
    "redis-server",
    ...inMemory,
    ...args,
  );
  const stop = async (): Promise<void> => void run("rm", "-f", id);
  try {
    const server = await probe(`redis://127.0.0.1:${port}`);
    return {
      ...server,
      origin: engine,
      freeze: () => run("pause", id),
      thaw: () => run("unpause", id),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until the server answers, at most ten seconds. */
async function probe(url: string): Promise<{ url: string; version: string }> {
  const client = new Redis(url, {
    retryStrategy: (attempt) => (attempt > 100 ? null : 100),
    maxRetriesPerRequest: 100,
  });
  client.on("error", () => {});
  try {
    const info = await client.info("server");
    return { url, version: /^(?:redis|valkey)_version:(.*)$/m.exec(info)?.[1]?.trim() ?? "unknown" };
  } finally {
    client.disconnect();
  }
}

function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

function answers(engine: string): boolean {
  try {
    execFileSync(engine, ["info"], { stdio: "pipe", timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}

function installable(): boolean {
  return process.getuid?.() === 0 && has("apt-get");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
