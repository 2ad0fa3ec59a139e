import { rmSync } from "node:fs";
import { Redis, type RedisOptions } from "ioredis";
import { startContainer } from "./container.js";
import { freePort, has, installPackages, type Program, startProgram, temporaryFolder } from "./machine.js";
import type { Recipe, Running } from "./service.js";

/** Keeps nothing on disk. */
export const inMemory: readonly string[] = ["--save", "", "--appendonly", "no"];

/** Redis 7 of Debian's, or whichever there is. */
export const redis: Recipe = withArguments();

/** A server with more arguments; for tests of a read-only or full one. */
export function withArguments(...args: readonly string[]): Recipe {
  return {
    name: "redis",
    variable: "REDIS_URL",
    probe,
    available: () => has("redis-server"),
    start: () => startRedis("redis-server", args),
    startContainer: (engine) =>
      startContainer(engine, "docker.io/library/redis:7-alpine", 6379, {
        command: ["redis-server", ...inMemory, ...args],
        url: (port) => `redis://127.0.0.1:${port}`,
        probe,
      }),
    install: () => installPackages("redis-server"),
  };
}

/** Starts `redis-server` or `valkey-server`. */
export async function startRedis(program: string, args: readonly string[]): Promise<Running> {
  const port = await freePort();
  const server = startServer(program, port, args);
  const url = `redis://127.0.0.1:${port}`;
  return ready({ ...server, url }, server, () => probe(url));
}

/** Starts a server on a port, that keeps nothing unless the arguments say so. */
export function startServer(program: string, port: number, args: readonly string[]): Program {
  return startProgram(program, (folder) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...inMemory,
    ...args,
  ]);
}

/** What was started, once it answers; stopped if it ends before. */
export async function ready<T extends Omit<Running, "version">>(
  started: T,
  program: Program,
  version: () => Promise<string>,
): Promise<T & Running> {
  try {
    return { ...started, version: await Promise.race([version(), program.failed]) };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** A server that can be killed and started again, with what it held. */
export interface Restartable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Kills it and removes what it held. */
  stop(): Promise<void>;
}

/** Starts a server that has on disk whatever it acknowledged. */
export async function startDurable(): Promise<Restartable> {
  const port = await freePort();
  const data = temporaryFolder();
  const url = `redis://127.0.0.1:${port}`;
  let program: Program | undefined;
  const kill = async (): Promise<void> => program?.stop();
  const start = async (): Promise<void> => {
    const args = ["--dir", data, "--appendonly", "yes", "--appendfsync", "always"];
    program = startServer("redis-server", port, args);
    await Promise.race([probe(url), program.failed]);
  };
  await start();
  return {
    url,
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Waits until the server answers, at most ten seconds; gives its version. */
export async function probe(url: string, options: RedisOptions = {}): Promise<string> {
  const client = new Redis(url, {
    ...(options as object),
    retryStrategy: (attempt) => (attempt > 100 ? null : 100),
    maxRetriesPerRequest: 100,
  });
  client.on("error", () => {});
  try {
    const info = await client.info("server");
    return (
      /^(?:valkey_version):(.*)$/m.exec(info)?.[1]?.trim() ??
      /^redis_version:(.*)$/m.exec(info)?.[1]?.trim() ??
      "unknown"
    );
  } finally {
    client.disconnect();
  }
}
