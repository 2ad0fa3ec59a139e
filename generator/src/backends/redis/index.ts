import { z } from "zod";
import type { Backend } from "../backend.js";
import { modulePath, text } from "../shared/options.js";

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
  first: { hint: "Redis or Valkey, for several machines", code: 'kind: "redis", url: env("REDIS_URL")' },
  store: { module: "@sessgen/runtime/stores/redis", factory: "redisStore" },
  addresses: ["url", "nodes", "sentinel", "ca", "driver"],
  imports: { client: "client" },
  infrastructure: async () => (await import("./emit.js")).emitRedis,
  live: async () => (await import("./live.js")).redis,
  drivers: ["ioredis"],
  limits: [
    "A crash or a failover can lose the last changes that Redis acknowledged: a session that was destroyed in that moment comes back.",
    "A server whose memory is full throws sessions away or refuses to write, as its maxmemory-policy says.",
  ],
};
