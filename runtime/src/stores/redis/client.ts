import { SessionError } from "../../errors.js";
import { type Given, givenBy } from "../shared/given.js";
import type { RedisConnection, RedisServerOptions } from "./connection.js";
import { fromIoredis, type IoredisClient, openIoredis } from "./ioredis.js";
import { fromNodeRedis, type NodeRedisClient, openNodeRedis } from "./node-redis.js";

/** The client libraries, in the order in which they are tried. */
export const redisDrivers = ["ioredis", "redis"] as const;

/** One of {@link redisDrivers}; `redis` is node-redis. */
export type RedisDriver = (typeof redisDrivers)[number];

/**
 * A client of the application's own, from either library. One of node-redis has to be connected
 * already.
 */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Where Redis is, or a client. */
export interface RedisConnectionOptions extends RedisServerOptions {
  /** Which library to use; unless given, the first that is installed. */
  readonly driver?: RedisDriver;
  /**
   * A client of the application's own, in place of all else: ioredis (`Redis`, `Cluster`) or
   * node-redis (`createClient`, `createCluster`, `createSentinel`). `close()` leaves it open.
   */
  readonly client?: Given<RedisClient>;
}

/**
 * Connects, or adapts the application's own client.
 * @throws SessionError `store/missing-driver`; `store/unavailable` when the options name no server
 */
export async function connect(options: RedisConnectionOptions): Promise<RedisConnection> {
  if (options.client !== undefined) {
    const client = await givenBy(options.client, "redis", "createBuiltinCommand", "sendCommand");
    const connection = "createBuiltinCommand" in client ? fromIoredis(client) : fromNodeRedis(client);
    return { ...connection, close: () => {} };
  }
  const open = await load(options.driver);
  return open(options);
}

async function load(driver?: RedisDriver): Promise<(options: RedisServerOptions) => RedisConnection> {
  const causes: unknown[] = [];
  for (const name of driver === undefined ? redisDrivers : [driver]) {
    try {
      return name === "ioredis" ? openIoredis(await import("ioredis")) : openNodeRedis(await import("redis"));
    } catch (cause) {
      causes.push(cause);
    }
  }
  const missing =
    driver === undefined
      ? "Neither the package ioredis nor the package redis is"
      : `The package ${driver} is not`;
  throw new SessionError("store/missing-driver", `${missing} installed`, {
    cause: new AggregateError(causes, "Why each could not be loaded"),
  });
}
