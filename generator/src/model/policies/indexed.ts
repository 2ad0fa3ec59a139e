import { z } from "zod";
import type { Policy } from "./policy.js";

export interface IndexPolicy {
  /**
   * Sessions can be found by it: `sessions.findBy("user.id", id)`, `destroyBy`, `count`. Also for
   * parts of a field, such as `"user.id"`. With `"hashed"` the store gets only SHA-256 of the
   * value: nobody reads it there, but who can guess a value can still look for it. Default
   * `false`. Costs a column or key in the store, written whenever the value changes.
   */
  readonly index?: boolean | "hashed";
}

/** What it becomes is kept with the field, as its `indexes`: they come from its parts, too. */
export const index: Policy<boolean | "hashed"> = {
  schema: z.union([z.boolean(), z.literal("hashed")], { error: 'expected true or "hashed"' }),
  elsewhere: true,
  parts: true,
  sentence: (value) => (value ? "Sessions can be found by it." : undefined),
};
