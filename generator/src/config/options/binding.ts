import { type ZodType, z } from "zod";
import { agree } from "../agree.js";

/** What of a request sessions are bound to. */
export interface BindingOptions {
  /** The `User-Agent` header. Whoever steals a token often can see it, too. */
  readonly userAgent?: boolean;
  /**
   * How many leading bits of the client's address must stay, such as 24 and 48. Behind a proxy the
   * framework must be told to trust it, or all clients have the proxy's address.
   */
  readonly network?: { readonly ipv4: number; readonly ipv6: number };
  /**
   * What a request gets that does not fit: a new session, or the session all the same, with the
   * event `binding-mismatch`.
   */
  readonly onMismatch: "anonymous" | "event";
}

/** The same, as it is written in the config. */
export const binding: ZodType<BindingOptions> = agree<BindingOptions>()(
  z.strictObject({
    userAgent: z.boolean().optional(),
    network: z.strictObject({ ipv4: z.int().min(1).max(32), ipv6: z.int().min(1).max(128) }).optional(),
    onMismatch: z.enum(["anonymous", "event"]),
  }),
);
