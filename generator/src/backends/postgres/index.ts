import { z } from "zod";
import type { Backend } from "../backend.js";
import { addressOrClient, count, modulePath, text } from "../shared/options.js";

/** PostgreSQL cuts longer names off, which could make two of them one. */
const name = z
  .string()
  .min(1)
  .refine((value) => Buffer.byteLength(value) <= 63 && !value.includes("\0"), "a name of at most 63 bytes");

/** A PostgreSQL server, 13 or later. */
export const postgres: Backend = {
  kind: "postgres",
  options: z
    .strictObject({
      kind: z.literal("postgres"),
      url: text.optional(),
      client: modulePath.optional(),
      driver: z.enum(["pg", "postgres"]).optional(),
      schema: name.optional(),
      table: name.optional(),
      layout: z.enum(["natural", "identity"]).optional(),
      unlogged: z.boolean().optional(),
      poolSize: count.optional(),
      cleanup: z.int().min(0).optional(),
    })
    .refine(...addressOrClient("url")),
  first: { hint: "a table of PostgreSQL", code: 'kind: "postgres", url: env("DATABASE_URL")' },
  store: { module: "@sessgen/runtime/stores/postgres", factory: "postgresStore" },
  migrations: "postgres",
  infrastructureOptions: ["layout", "unlogged"],
  live: async () => (await import("./live.js")).postgres,
  addresses: ["url", "driver", "poolSize"],
  imports: { client: "client" },
  drivers: ["pg"],
};
