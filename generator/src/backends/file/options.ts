import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/** One file per session. Safe among several processes of one machine. */
export interface FileBackend {
  readonly kind: "file";
  /** The folder; made when missing, readable by this user alone. */
  readonly directory: string | EnvReference;
  /**
   * The most sessions kept; those written or touched longest ago go first, though their users are
   * still there. Default: no bound, and `sessgen sweep` deletes what has expired.
   */
  readonly maxEntries?: number;
  /**
   * Permissions of the files. Default 0o600: anything wider lets other users of the machine read
   * sessions.
   */
  readonly mode?: number;
}

/** The options, as they are written in the config. */
export const options: ZodType<FileBackend> = agree<FileBackend>()(
  z.strictObject({
    kind: z.literal("file"),
    directory: text,
    maxEntries: count.optional(),
    mode: z.int().min(0).max(0o777).optional(),
  }),
);

/** What the lock keeps of them. */
export const kept: Kept<FileBackend> = { directory: "value", mode: "value", maxEntries: "value" };
