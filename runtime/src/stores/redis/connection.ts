/** What the store asks of a client library; ioredis and node-redis are each adapted to it. */
export interface RedisConnection {
  /** Whether keys live on different nodes, so that no script can touch two of them. */
  readonly cluster: boolean;
  /**
   * Sends a command; texts in the reply come as bytes, except for keys, which `zrange` gives.
   * @param key - the key whose node the command goes to; it also stands in `args`
   */
  send(command: RedisCommand, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Disconnects at once. */
  close(): Promise<void> | void;
}

/** The commands that the store needs; what scripts call is not among them. */
export type RedisCommand = "get" | "mget" | "zrange" | "evalsha" | "eval";

/** Both libraries take these as they are. */
export type RedisArgument = string | Buffer;

/** A primary that Sentinels name. */
export interface RedisSentinelOptions {
  /** What the Sentinels call the primary, such as `mymaster`. */
  readonly name: string;
  /**
   * The Sentinels, as `redis://` or `rediss://`, with their own credentials; `rediss://` holds for
   * the primary too.
   */
  readonly nodes: readonly string[];
  /** The user at the primary; `default` unless given. */
  readonly username?: string;
  /** The password at the primary. */
  readonly password?: string;
}

/** Where Redis is. The first of `sentinel`, `nodes` and `url` that is given counts. */
export interface RedisServerOptions {
  /** `redis://` or `rediss://` (TLS); the connection is made at the first use. */
  readonly url?: string;
  /**
   * Some nodes of a cluster, as `redis://` or `rediss://`; the others are discovered. The first
   * one's credentials hold for all.
   */
  readonly nodes?: readonly string[];
  /** The Sentinels to ask for the primary. */
  readonly sentinel?: RedisSentinelOptions;
  /** With `rediss://`, the certificates to trust instead of the well-known ones, in PEM. */
  readonly ca?: string;
}
