import { z } from "zod";
import type { Backend } from "./backend.js";
import { text } from "./options.js";

/** A Redis or Valkey server. */
export const redis: Backend = {
  kind: "redis",
  options: z.strictObject({ kind: z.literal("redis"), url: text, prefix: z.string().optional() }),
  store: { module: "@sessgen/runtime/stores/redis", factory: "redisStore" },
  drivers: ["ioredis"],
};
