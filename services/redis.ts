import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Service } from "./service.js";

/** Redis: an address in REDIS_URL, a program on the PATH, a container, or Debian's package. */
export async function startRedis(): Promise<Service> {
  const given = process.env["REDIS_URL"];
  if (given !== undefined)
    return { name: "redis", ...(await probe(given)), origin: "REDIS_URL", stop: async () => {} };
  if (has("redis-server")) return fromProgram("on the PATH");
  const engine = ["docker", "podman"].find((program) => has(program) && answers(program));
  if (engine !== undefined) return fromContainer(engine);
  if (installable()) {
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    // No policy: Debian would start the server on its standard port.
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "redis-server"], {
      stdio: "pipe",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    });
    return fromProgram("Debian package");
  }
  throw new Error("no REDIS_URL, no redis-server on the PATH, no Docker or Podman, and not root on Debian");
}

/** A server of its own, with more of its arguments; for tests of a read-only or full one. */
export async function startRedisServer(
  ...args: string[]
): Promise<{ url: string; stop: () => Promise<void>; pid: number }> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-redis-"));
  const port = await freePort();
  const child = spawn(
    "redis-server",
    [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      folder,
      "--save",
      "",
      "--appendonly",
      "no",
      ...args,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `redis://127.0.0.1:${port}`;
  try {
    await probe(url);
    return { url, stop, pid: child.pid ?? 0 };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fromProgram(origin: string): Promise<Service> {
  const { url, stop } = await startRedisServer();
  return { name: "redis", ...(await probe(url)), origin, stop };
}

async function fromContainer(engine: string): Promise<Service> {
  const port = await freePort();
  const id = execFileSync(
    engine,
    ["run", "-d", "--rm", "-p", `127.0.0.1:${port}:6379`, "docker.io/library/redis:7-alpine"],
    {
      encoding: "utf8",
    },
  ).trim();
  const stop = async (): Promise<void> => {
    execFileSync(engine, ["stop", "-t", "1", id], { stdio: "pipe" });
  };
  try {
    return { name: "redis", ...(await probe(`redis://127.0.0.1:${port}`)), origin: engine, stop };
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
