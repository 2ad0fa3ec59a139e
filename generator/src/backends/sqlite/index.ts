import { z } from "zod";
import type { Backend } from "../backend.js";
import { count, text } from "../shared/options.js";

/** An SQLite database file. */
export const sqlite: Backend = {
  kind: "sqlite",
  options: z.strictObject({
    kind: z.literal("sqlite"),
    file: text,
    driver: z.enum(["node:sqlite", "better-sqlite3", "libsql"]).optional(),
    busyTimeout: count.optional(),
    cleanup: z.int().min(0).optional(),
    table: z.string().min(1).max(300).optional(),
  }),
  first: { hint: "a file on this machine", code: 'kind: "sqlite", file: ".data/sessions.db"' },
  store: { module: "@sessgen/runtime/stores/sqlite", factory: "sqliteStore" },
  migrations: "sqlite",
  live: async () => (await import("./live.js")).sqlite,
  drivers: ["libsql"],
};
