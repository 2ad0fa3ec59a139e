import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/** LMDB: memory that all processes of one machine share, kept in a folder on a local disk. */
export interface LmdbBackend {
  readonly kind: "lmdb";
  /** The folder; made when missing, readable by this user alone. */
  readonly path: string | EnvReference;
  /**
   * The most bytes that sessions may take up. Default: what the disk holds. Beyond it no session
   * begins or grows until `sessgen sweep` has deleted expired ones.
   */
  readonly mapSize?: number;
  /** Keeps the sessions of several applications apart in one folder. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** The options, as they are written in the config. */
export const options: ZodType<LmdbBackend> = agree<LmdbBackend>()(
  z.strictObject({
    kind: z.literal("lmdb"),
    path: text,
    mapSize: count.optional(),
    prefix: text.optional(),
  }),
);

/** What the lock keeps of them. */
export const kept: Kept<LmdbBackend> = { prefix: "value", path: "value", mapSize: "value" };
