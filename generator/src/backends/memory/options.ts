import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count } from "../../config/option-values.js";
import type { Kept } from "../shared/kept.js";

/**
 * Sessions in the application's own memory: gone with the process, not shared. For development and
 * tests.
 */
export interface MemoryBackend {
  readonly kind: "memory";
  /** The most sessions kept; the least recently used one goes first. Default 100 000. */
  readonly maxEntries?: number;
  /** The most bytes of payloads and keys kept. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** The options, as they are written in the config. */
export const options: ZodType<MemoryBackend> = agree<MemoryBackend>()(
  z.strictObject({
    kind: z.literal("memory"),
    maxEntries: count.optional(),
    maxBytes: count.optional(),
  }),
);

/** What the lock keeps of them. */
export const kept: Kept<MemoryBackend> = { maxEntries: "value", maxBytes: "value" };
