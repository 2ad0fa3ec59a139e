import { z } from "zod";
import { lineOf, type Policy } from "./policy.js";

export interface RedactPolicy {
  /** Left out of `toJSON()`, logs and `util.inspect`. Default `false`. It is stored as ever. */
  readonly redact?: boolean;
}

export const redact: Policy<boolean> = {
  schema: z.boolean(),
  sentence: (value) => (value ? "Left out of `toJSON()` and of logs." : undefined),
  line: lineOf("redact"),
};
