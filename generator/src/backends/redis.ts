import { z } from "zod";
import type { Backend } from "./backend.js";
import { text } from "./options.js";

const addresses = z.array(text).min(1).readonly();

/** A Redis or Valkey server, a primary that Sentinels name, or a cluster. */
export const redis: Backend = {
  kind: "redis",
  options: z
    .strictObject({
      kind: z.literal("redis"),
      url: text.optional(),
      nodes: addresses.optional(),
      sentinel: z
        .strictObject({
          name: text,
          nodes: addresses,
          username: text.optional(),
          password: text.optional(),
        })
        .optional(),
      ca: text.optional(),
      driver: z.enum(["ioredis", "redis"]).optional(),
      prefix: z.union([z.string(), text]).optional(),
    })
    .refine(
      ({ url, nodes, sentinel }) =>
        [url, nodes, sentinel].filter((place) => place !== undefined).length === 1,
      { error: "expected one of url, nodes (a cluster) and sentinel" },
    ),
  store: { module: "@sessgen/runtime/stores/redis", factory: "redisStore" },
  drivers: ["ioredis"],
};
