import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** A Redis or Valkey server, a primary that Sentinels name, or a cluster. */
export const redis: Backend = {
  kind: "redis",
  options,
  kept,
  first: {
    hint: "Redis or Valkey, for several machines",
    code: 'kind: "redis", url: env("REDIS_URL")',
    variables: { REDIS_URL: "redis://localhost:6379" },
    rank: 0,
  },
  store: { module: "@sessgen/runtime/stores/redis", factory: "redisStore" },
  addresses: ["url", "nodes", "sentinel", "ca", "driver"],
  imports: { client: "client" },
  infrastructure: async () => (await import("./emit.js")).emitRedis,
  live: async () => (await import("./live.js")).redis,
  clients: ["ioredis", "redis"],
  companions: ["connect-redis", "bullmq"],
  limits: [
    "A crash or a failover can lose the last changes that Redis acknowledged: a session that was destroyed in that moment comes back.",
    "A server whose memory is full throws sessions away or refuses to write, as its maxmemory-policy says.",
  ],
};
