import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import { addressOrClient } from "../shared/address-or-client.js";
import type { Kept } from "../shared/kept.js";

/**
 * Memcached, 1.4 or later, through memcache-client or memjs. A cache: a restart loses all sessions,
 * and a server that runs short of memory loses some. Takes `servers` or `client`.
 */
export interface MemcachedBackend {
  readonly kind: "memcached";
  /**
   * Each `host` or `host:port` (11211); one text may name several, with commas. Sessions are spread
   * over them by their keys: every process has to have the same servers, and another list loses the
   * sessions whose keys move.
   */
  readonly servers?: string | EnvReference | readonly (string | EnvReference)[];
  /**
   * A module that exports a client of the application's own; relative to the config file. `servers`
   * besides it is for the commands of sessgen.
   */
  readonly client?: string;
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string | EnvReference;
  /**
   * The most bytes of a session. Default: what fits into an item of 1 MiB, the server's own limit;
   * more where the server was started with a higher one (`-I`), less what an item takes besides,
   * 1 KiB.
   */
  readonly maxBytes?: number;
}

/** The options, as they are written in the config. */
export const options: ZodType<MemcachedBackend> = agree<MemcachedBackend>()(
  z
    .strictObject({
      kind: z.literal("memcached"),
      servers: z
        .union([text, z.array(text).min(1)], {
          error: 'expected host:port, a list of them, or env("NAME")',
        })
        .optional(),
      client: modulePath.optional(),
      prefix: text.optional(),
      maxBytes: count.optional(),
    })
    .refine(...addressOrClient("servers")),
);

/** What the lock keeps of them. */
export const kept: Kept<MemcachedBackend> = {
  prefix: "value",
  servers: "address",
  client: "address",
  maxBytes: "value",
};
