import { type ZodType, z } from "zod";
import { agree } from "../agree.js";

/** What session ids are like. */
export interface IdOptions {
  /**
   * So many random bytes, 16 to 64. Default 32. Fewer make shorter cookies; 16 is what OWASP asks
   * for at the least.
   */
  readonly bytes?: number;
}

/** The same, as it is written in the config. */
export const id: ZodType<IdOptions> = agree<IdOptions>()(
  z.strictObject({
    bytes: z
      .int("expected a whole number of bytes")
      .min(16, "expected at least 16: shorter ids can be guessed")
      .max(64, "expected at most 64")
      .optional(),
  }),
);
