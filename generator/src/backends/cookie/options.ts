import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { secrets } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/**
 * The cookie itself: nothing to run. A session cannot be revoked, of two requests at once the later
 * response wins, and there is room for some kilobytes.
 */
export interface CookieBackend {
  readonly kind: "cookie";
  /**
   * At least 32 random characters each. The first protects, all open; to rotate, put a new one
   * behind, deploy everywhere, then in front.
   */
  readonly secrets: readonly [EnvReference, ...EnvReference[]];
  /**
   * `"sealed"` (default): encrypted (AES-256-GCM). `"signed"` (HMAC-SHA-256): a third shorter, and
   * whoever has the cookie reads the session.
   */
  readonly mode?: "sealed" | "signed";
  /**
   * The most cookies of 3800 characters that one session may take, 1 to 5. Default 2: with more,
   * many proxies refuse the header, which is then beyond 8 kB.
   */
  readonly maxChunks?: number;
}

/** The options, as they are written in the config. */
export const options: ZodType<CookieBackend> = agree<CookieBackend>()(
  z.strictObject({
    kind: z.literal("cookie"),
    secrets,
    mode: z.enum(["sealed", "signed"]).optional(),
    maxChunks: z.int().min(1).max(5).optional(),
  }),
);

/** What the lock keeps of them. */
export const kept: Kept<CookieBackend> = { mode: "value", secrets: "value", maxChunks: "value" };
