import { z } from "zod";
import { lineOf, type Policy } from "./policy.js";

export interface ListPolicy {
  /**
   * Part of what `sessions.list()` shows: what a user may see of their own sessions, such as the
   * browser that one was begun in. Default `false`.
   */
  readonly list?: boolean;
}

export const list: Policy<boolean> = {
  schema: z.boolean(),
  problems: (value, { redacted }) =>
    value && redacted ? ["what is redacted is not shown in lists either"] : [],
  sentence: (value) => (value ? "Part of what `sessions.list()` shows." : undefined),
  line: lineOf("list"),
};
