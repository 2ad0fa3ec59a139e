import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/**
 * Anything unstorage has a driver for. Atomic within one process only: two processes that change a
 * session at once lose one of the changes.
 */
export interface UnstorageBackend {
  readonly kind: "unstorage";
  /** A module that exports the storage; relative to the config file. */
  readonly module: string;
  /**
   * What every key begins with; colons separate, as in all keys of unstorage. Default `session:`.
   */
  readonly prefix?: string | EnvReference;
}

/** The options, as they are written in the config. */
export const options: ZodType<UnstorageBackend> = agree<UnstorageBackend>()(
  z.strictObject({ kind: z.literal("unstorage"), module: modulePath, prefix: text.optional() }),
);

/** What the lock keeps of them. */
export const kept: Kept<UnstorageBackend> = { prefix: "value", module: "value" };
