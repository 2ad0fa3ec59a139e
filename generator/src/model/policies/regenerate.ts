import { z } from "zod";
import { lineOf, type Policy } from "./policy.js";

export interface RegeneratePolicy {
  /**
   * A change gives the session a new id. For whatever says who the user is and what they may do.
   * Costs a write more with each such change: of the trace that the old id leaves.
   */
  readonly regenerate?: "on-change";
}

export const regenerate: Policy<"on-change"> = {
  schema: z.literal("on-change"),
  sentence: () => "A change gives the session a new id.",
  line: lineOf("regenerate"),
};
