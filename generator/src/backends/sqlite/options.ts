import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/**
 * An SQLite database: `node:sqlite` where Node has it, otherwise better-sqlite3 or libsql. For the
 * processes of one machine.
 */
export interface SqliteBackend {
  readonly kind: "sqlite";
  /** The database file; `sessgen migrate` makes its table. */
  readonly file: string | EnvReference;
  /** The driver to use; otherwise the first there is of these. */
  readonly driver?: "node:sqlite" | "better-sqlite3" | "libsql";
  /** Default `sessions`. */
  readonly table?: string;
  /** How long an operation waits while another process writes, in milliseconds. Default 2000. */
  readonly busyTimeout?: number;
  /** Delete expired sessions about every so many requests. Default 1000; 0 for never. */
  readonly cleanup?: number;
}

/** The options, as they are written in the config. */
export const options: ZodType<SqliteBackend> = agree<SqliteBackend>()(
  z.strictObject({
    kind: z.literal("sqlite"),
    file: text,
    driver: z.enum(["node:sqlite", "better-sqlite3", "libsql"]).optional(),
    busyTimeout: count.optional(),
    cleanup: z.int().min(0).optional(),
    table: z.string().min(1).max(300).optional(),
  }),
);

/** What the lock keeps of them. */
export const kept: Kept<SqliteBackend> = {
  table: "value",
  file: "value",
  driver: "nothing",
  busyTimeout: "nothing",
  cleanup: "nothing",
};
