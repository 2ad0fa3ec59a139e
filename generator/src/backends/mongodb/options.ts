import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { envReference, modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import { addressOrClient } from "../shared/address-or-client.js";
import type { Kept } from "../shared/kept.js";

/** MongoDB, 5 or later, or another server that speaks its protocol. Takes `url` or `client`. */
export interface MongodbBackend {
  readonly kind: "mongodb";
  /**
   * `mongodb://` or `mongodb+srv://`. Its write concern is the store's: leave it at `majority`, the
   * default of replica sets. With less, a failover may bring back a session that was destroyed.
   */
  readonly url?: string | EnvReference;
  /**
   * A module that exports a MongoClient of the application's own; relative to the config file.
   * `url` besides it is for the commands of sessgen.
   */
  readonly client?: string;
  /** Default: the one in the address, or else `test`, as the driver has it. */
  readonly database?: string | EnvReference;
  /** Default `sessions`. Where it is sharded, by `{ _id: "hashed" }`. */
  readonly collection?: string | EnvReference;
  /**
   * What every `_id` begins with, so that applications can share a collection. Default: nothing.
   */
  readonly prefix?: string | EnvReference;
}

/**
 * What the server would refuse;
 * https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions
 */
const database = z.union(
  [z.string().regex(/^[^\0/\\. "$*<>:|?]{1,63}$/, "a database's name"), envReference],
  {
    error: 'expected a name of at most 63 characters without any of /\\. "$*<>:|?, or env("NAME")',
  },
);
const collection = z.union(
  [z.string().regex(/^(?!system\.|\.)[^\0$]{1,190}$/, "a collection's name"), envReference],
  {
    error:
      'expected a name of at most 190 characters, without $ and not beginning with a dot or "system.", or env("NAME")',
  },
);

/** The options, as they are written in the config. */
export const options: ZodType<MongodbBackend> = agree<MongodbBackend>()(
  z
    .strictObject({
      kind: z.literal("mongodb"),
      url: text.optional(),
      client: modulePath.optional(),
      database: database.optional(),
      collection: collection.optional(),
      prefix: text.optional(),
    })
    .refine(...addressOrClient("url")),
);

/** What the lock keeps of them. */
export const kept: Kept<MongodbBackend> = {
  database: "value",
  collection: "value",
  prefix: "value",
  url: "address",
  client: "address",
};
