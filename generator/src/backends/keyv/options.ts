import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/**
 * Anything Keyv has an adapter for. Atomic within one process only: two processes that change a
 * session at once lose one of the changes.
 */
export interface KeyvBackend {
  readonly kind: "keyv";
  /** A module that exports the Keyv; relative to the config file. */
  readonly module: string;
  /** What every key begins with, after the Keyv's namespace. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** The options, as they are written in the config. */
export const options: ZodType<KeyvBackend> = agree<KeyvBackend>()(
  z.strictObject({ kind: z.literal("keyv"), module: modulePath, prefix: text.optional() }),
);

/** What the lock keeps of them. */
export const kept: Kept<KeyvBackend> = { prefix: "value", module: "value" };
