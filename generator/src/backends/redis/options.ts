import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { modulePath, secret, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/**
 * Redis, 6 or later, or Valkey, through ioredis or node-redis. Takes one of `url`, `nodes` and
 * `sentinel`, or `client`.
 */
export interface RedisBackend {
  readonly kind: "redis";
  /**
   * `redis://` or `rediss://` (TLS). Without TLS everybody on the way reads the password and the
   * sessions.
   */
  readonly url?: string | EnvReference;
  /**
   * Some nodes of a cluster, as `redis://` or `rediss://`; the others are discovered. The first
   * one's credentials hold for all.
   */
  readonly nodes?: readonly (string | EnvReference)[];
  /** The Sentinels to ask for the primary. */
  readonly sentinel?: RedisSentinel;
  /** With `rediss://`, the certificates to trust instead of the well-known ones, in PEM. */
  readonly ca?: string | EnvReference;
  /**
   * A module that exports a client of the application's own, from either library; relative to the
   * config file. An address besides it is for the commands of sessgen.
   */
  readonly client?: string;
  /**
   * The library; otherwise the first that is installed of ioredis and node-redis, whose package is
   * called redis.
   */
  readonly driver?: "ioredis" | "redis";
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** A primary of Redis that Sentinels name. */
export interface RedisSentinel {
  /** What the Sentinels call the primary, such as `mymaster`. */
  readonly name: string | EnvReference;
  /**
   * The Sentinels, as `redis://` or `rediss://`, with their own credentials; `rediss://` holds for
   * the primary, too.
   */
  readonly nodes: readonly (string | EnvReference)[];
  /** The user at the primary. Default `default`. */
  readonly username?: string | EnvReference;
  /** The password at the primary. */
  readonly password?: EnvReference;
}

const addresses = z.array(text).min(1).readonly();

/** The options, as they are written in the config. */
export const options: ZodType<RedisBackend> = agree<RedisBackend>()(
  z
    .strictObject({
      kind: z.literal("redis"),
      url: text.optional(),
      nodes: addresses.optional(),
      sentinel: z
        .strictObject({
          name: text,
          nodes: addresses,
          username: text.optional(),
          password: secret.optional(),
        })
        .optional(),
      ca: text.optional(),
      client: modulePath.optional(),
      driver: z.enum(["ioredis", "redis"]).optional(),
      prefix: z.union([z.string(), text]).optional(),
    })
    .refine(
      ({ url, nodes, sentinel, client }) => {
        const places = [url, nodes, sentinel].filter((place) => place !== undefined).length;
        return places === 1 || (places === 0 && client !== undefined);
      },
      { error: "expected one of url, nodes (a cluster) and sentinel, or client" },
    ),
);

/** What the lock keeps of them. */
export const kept: Kept<RedisBackend> = {
  prefix: "value",
  url: "address",
  nodes: "address",
  sentinel: "address",
  ca: "nothing",
  client: "address",
  driver: "nothing",
};
