import { Redis } from "ioredis";
import { startContainer } from "./container.js";
import { freePort, has, installPackages, startProgram } from "./machine.js";
import type { Recipe, Running } from "./service.js";

const inMemory = ["--save", "", "--appendonly", "no"];

/** Redis 7 of Debian's, or whichever there is. */
export const redis: Recipe = withArguments();

/** A server with more arguments; for tests of a read-only or full one. */
export function withArguments(...args: readonly string[]): Recipe {
  return {
    name: "redis",
    variable: "REDIS_URL",
    probe,
    available: () => has("redis-server"),
    start: () => start(args),
    startContainer: (engine) =>
      startContainer(engine, "docker.io/library/redis:7-alpine", 6379, {
        command: ["redis-server", ...inMemory, ...args],
        url: (port) => `redis://127.0.0.1:${port}`,
        probe,
      }),
    install: () => installPackages("redis-server"),
  };
}

async function start(args: readonly string[]): Promise<Running> {
  const port = await freePort();
  const program = startProgram("redis-server", (folder) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...inMemory,
    ...args,
  ]);
  const url = `redis://127.0.0.1:${port}`;
  try {
    return { ...program, url, version: await Promise.race([probe(url), program.failed]) };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** Waits until the server answers, at most ten seconds. */
async function probe(url: string): Promise<string> {
  const client = new Redis(url, {
    retryStrategy: (attempt) => (attempt > 100 ? null : 100),
    maxRetriesPerRequest: 100,
  });
  client.on("error", () => {});
  try {
    const info = await client.info("server");
    return /^(?:redis|valkey)_version:(.*)$/m.exec(info)?.[1]?.trim() ?? "unknown";
  } finally {
    client.disconnect();
  }
}
