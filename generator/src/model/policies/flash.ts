import { z } from "zod";
import type { Policy } from "./policy.js";

export interface FlashPolicy {
  /** Shown once: reading the field removes it, which is a write. Default `false`. */
  readonly flash?: boolean;
}

export const flash: Policy<boolean> = {
  schema: z.boolean(),
  problems: (value, { required }) =>
    value && required
      ? ["a flash field is absent after it was shown: make it optional or give it a default"]
      : [],
  sentence: (value, { list }) => {
    if (!value) return undefined;
    return list
      ? "Shown once: reading removes the whole list; `$flash` and `$flashed` add and take elements."
      : "Shown once: reading it removes it.";
  },
  line: (value, { list }) => (value ? [`flash: ${list ? '"list"' : "true"}`] : undefined),
};
