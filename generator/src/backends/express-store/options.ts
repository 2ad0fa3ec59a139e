import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { modulePath } from "../../config/option-values.js";
import type { Kept } from "../shared/kept.js";

/**
 * Any store made for express-session. Atomic within one process only: two processes that change a
 * session at once lose one of the changes.
 */
export interface ExpressStoreBackend {
  readonly kind: "express-store";
  /** A module that exports the store; relative to the config file. */
  readonly module: string;
}

/** The options, as they are written in the config. */
export const options: ZodType<ExpressStoreBackend> = agree<ExpressStoreBackend>()(
  z.strictObject({ kind: z.literal("express-store"), module: modulePath }),
);

/** What the lock keeps of them. */
export const kept: Kept<ExpressStoreBackend> = { module: "value" };
