import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import { addressOrClient } from "../shared/address-or-client.js";
import type { Kept } from "../shared/kept.js";

/** PostgreSQL, 13 or later, through pg or postgres.js. Takes `url` or `client`. */
export interface PostgresBackend {
  readonly kind: "postgres";
  /** `postgres://…`. */
  readonly url?: string | EnvReference;
  /**
   * A module that exports a Pool of pg's or the `sql` of postgres.js; relative to the config file.
   * `url` besides it is for the commands of sessgen.
   */
  readonly client?: string;
  /** The library with `url`; otherwise the first that is installed of pg and postgres. */
  readonly driver?: "pg" | "postgres";
  /** Default: what the connection's `search_path` says. */
  readonly schema?: string;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /**
   * The primary key. `"natural"` (default): the session's own. `"identity"`: a number that
   * PostgreSQL gives, as some rules for databases want it; costs a second index.
   */
  readonly layout?: "natural" | "identity";
  /**
   * Default `false`. With `true` nothing is written to the log: writes are faster, but after a
   * crash of the server the table is empty and everybody is logged out, replicas never have it, and
   * who takes over from the primary begins with none. Changing it writes the whole table anew while
   * nobody can use it. There is no option for partitions: docs/backends.md says why.
   */
  readonly unlogged?: boolean;
  /** The most connections with `url`. Default 10. */
  readonly poolSize?: number;
  /**
   * Deletes expired sessions about every so many requests. Default 1000; 0 for never, when
   * `sessgen sweep` or a scheduler does it.
   */
  readonly cleanup?: number;
}

/** PostgreSQL cuts longer names off, which could make two of them one. */
const name = z
  .string()
  .min(1)
  .refine((value) => Buffer.byteLength(value) <= 63 && !value.includes("\0"), "a name of at most 63 bytes");

/** The options, as they are written in the config. */
export const options: ZodType<PostgresBackend> = agree<PostgresBackend>()(
  z
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
);

/** What the lock keeps of them. */
export const kept: Kept<PostgresBackend> = {
  schema: "value",
  table: "value",
  layout: "value",
  url: "address",
  client: "address",
  driver: "nothing",
  unlogged: "nothing",
  poolSize: "nothing",
  cleanup: "nothing",
};
