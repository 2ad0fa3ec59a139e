import { SessionError } from "../../errors.js";
import { type Given, givenBy } from "../shared/given.js";
import { fromIoredis, type IoredisClient, openIoredis } from "./ioredis.js";
import { fromNodeRedis, type NodeRedisClient, openNodeRedis } from "./node-redis.js";

/** What the store asks of a client library; ioredis and node-redis are each adapted to it. */
export interface RedisConnection {
  /** Whether keys live on different nodes, so that no script can touch two of them. */
  readonly cluster: boolean;
  /**
   * Sends a command; texts in the reply come as bytes.
   * @param key - the key whose node the command goes to; it also stands in `args`
   */
  send(command: RedisCommand, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Disconnects at once. */
  close(): Promise<void> | void;
}

/** The commands that the store needs; what scripts call is not among them. */
export type RedisCommand = "get" | "evalsha" | "eval";

/** Both libraries take these as they are. */
export type RedisArgument = string | Buffer;

/** The client libraries, in the order in which they are tried. */
export const redisDrivers = ["ioredis", "redis"] as const;

/** One of {@link redisDrivers}; `redis` is node-redis. */
export type RedisDriver = (typeof redisDrivers)[number];

/** A client of the application's own, from either library. One of node-redis has to be connected already. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** A primary that Sentinels name. */
export interface RedisSentinelOptions {
  /** What the Sentinels call the primary, such as `mymaster`. */
  readonly name: string;
  /** The Sentinels, as `redis://` or `rediss://`, with their own credentials; `rediss://` holds for the primary too. */
  readonly nodes: readonly string[];
  /** The user at the primary; `default` unless given. */
  readonly username?: string;
  /** The password at the primary. */
  readonly password?: string;
}

/** Where Redis is. The first of `client`, `sentinel`, `nodes` and `url` that is given counts. */
export interface RedisConnectionOptions {
  /** `redis://` or `rediss://` (TLS); the connection is made at the first use. */
  readonly url?: string;
  /** Some nodes of a cluster, as `redis://` or `rediss://`; the others are discovered. The first one's credentials hold for all. */
  readonly nodes?: readonly string[];
  /** The Sentinels to ask for the primary. */
  readonly sentinel?: RedisSentinelOptions;
  /** With `rediss://`, the certificates to trust instead of the well-known ones, in PEM. */
  readonly ca?: string;
  /** Which library to use; unless given, the first that is installed. */
  readonly driver?: RedisDriver;
  /** A client of the application's own: ioredis (`Redis`, `Cluster`) or node-redis (`createClient`, `createCluster`, `createSentinel`). `close()` leaves it open. */
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

async function load(driver?: RedisDriver): Promise<(options: RedisConnectionOptions) => RedisConnection> {
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
