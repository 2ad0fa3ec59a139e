import { z } from "zod";
import type { Policy } from "./policy.js";

/** What something was called before. */
export type Was =
  | string
  | {
      /** The former name of the field or property. */
      readonly name?: string | undefined;
      /**
       * What members of an enum, or the discriminator's values of a union, were called before, by
       * what they are called now: `{ administrator: "admin" }`.
       */
      readonly values?: Readonly<Record<string, string | number>> | undefined;
    };

export interface WasPolicy {
  /**
   * The former name of the field, or of the property that the path leads to: what is stored under
   * it moves along, and an older deploy goes on reading and writing it. With `values` the former
   * names of members of an enum, or of variants of a discriminated union.
   */
  readonly was?: Was;
}

/** For the lock, whose slots move along: where something was once is in its log. */
export const was: Policy<Was> = {
  schema: z.union(
    [
      z.string().min(1),
      z.strictObject({
        name: z.string().min(1).optional(),
        values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    ],
    { error: 'expected the former name, or { values: { now: "before" } }' },
  ),
  elsewhere: true,
  parts: true,
};

/** Gives the former name of the field or property itself. */
export function formerName(was: Was | undefined): string | undefined {
  return typeof was === "string" ? was : was?.name;
}

/** Gives the former names of values in it. */
export function formerValues(was: Was | undefined): Readonly<Record<string, string | number>> {
  return (typeof was === "object" ? was.values : undefined) ?? {};
}
