import { z } from "zod";
import { lineOf, type Policy } from "./policy.js";

export interface ClientPolicy {
  /**
   * Part of `session.$client()`: what may be sent to the browser. Everything else stays on the
   * server. Default `false`.
   */
  readonly client?: boolean;
}

export const client: Policy<boolean> = {
  schema: z.boolean(),
  sentence: (value) => (value ? "May be sent to the browser." : undefined),
  line: lineOf("client"),
};
