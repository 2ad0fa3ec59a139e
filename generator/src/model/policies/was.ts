import { z } from "zod";
import type { Policy } from "./policy.js";

export interface WasPolicy {
  /** The field's former name: what is stored under it moves along. */
  readonly was?: string;
}

/** For the lock, whose slots move along: where a field was once is in its log. */
export const was: Policy<string> = { schema: z.string().min(1), elsewhere: true };
