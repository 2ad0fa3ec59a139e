import { z } from "zod";
import type { Backend } from "../backend.js";
import { addressOrClient, count, modulePath, text } from "../shared/options.js";

/** What MySQL takes as the name of a table, quoted. */
const name = z.string().regex(/^[\u0001-\ud7ff\ue000-\uffff]{0,63}[^\s\0]$/, {
  error: "expected a name of at most 64 characters, without emoji, that does not end with a space",
});

/** A table of MySQL or MariaDB. */
export const mysql: Backend = {
  kind: "mysql",
  options: z
    .strictObject({
      kind: z.literal("mysql"),
      url: text.optional(),
      client: modulePath.optional(),
      database: text.optional(),
      table: name.optional(),
      cleanup: z.int().min(0).optional(),
      poolSize: count.optional(),
    })
    .refine(...addressOrClient("url")),
  first: { hint: "a table of MySQL or MariaDB", code: 'kind: "mysql", url: env("DATABASE_URL")' },
  store: { module: "@sessgen/runtime/stores/mysql", factory: "mysqlStore" },
  migrations: "mysql",
  live: async () => (await import("./live.js")).mysql,
  addresses: ["url", "poolSize"],
  imports: { client: "pool" },
  drivers: ["mysql2"],
};
