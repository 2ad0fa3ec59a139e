import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import { addressOrClient } from "../shared/address-or-client.js";
import type { Kept } from "../shared/kept.js";

/** MySQL, 8.4 or later, or MariaDB, 10.6 or later, through mysql2. Takes `url` or `client`. */
export interface MysqlBackend {
  readonly kind: "mysql";
  /** `mysql://user:password@host:3306/database`. */
  readonly url?: string | EnvReference;
  /**
   * A module that exports a pool of `mysql2/promise`; relative to the config file. `url` besides it
   * is for the commands of sessgen.
   */
  readonly client?: string;
  /** Default: the one that the connection names. */
  readonly database?: string | EnvReference;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /** The most connections with `url`. Default 10. */
  readonly poolSize?: number;
  /**
   * Deletes expired sessions about every so many requests. Default 1000; 0 for never, when
   * `sessgen sweep` or a scheduler does it.
   */
  readonly cleanup?: number;
}

/** What MySQL takes as the name of a table, quoted. */
const name = z.string().regex(/^[\u0001-\ud7ff\ue000-\uffff]{0,63}[^\s\0]$/, {
  error: "expected a name of at most 64 characters, without emoji, that does not end with a space",
});

/** The options, as they are written in the config. */
export const options: ZodType<MysqlBackend> = agree<MysqlBackend>()(
  z
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
);

/** What the lock keeps of them. */
export const kept: Kept<MysqlBackend> = {
  table: "value",
  database: "value",
  url: "address",
  client: "address",
  poolSize: "nothing",
  cleanup: "nothing",
};
