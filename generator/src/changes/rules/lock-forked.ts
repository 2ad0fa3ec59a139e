import { compareLogs } from "../logs.js";
import type { Rule } from "../rule.js";

/** Both locks have what the other one lacks. */
export const lockForked: Rule = {
  title: "The lock forked: both versions gave out slots that the other one does not know",
  class: "breaking",
  why: "Slots of the same number are of different fields. The history of the lock tells: what both had before they parted is read, the rest is dropped.",
  loss: {
    what: "the fields that came since the two parted",
    who: "sessions that the other version has written",
    until: "they are assigned anew, and lost again while both versions run",
  },
  instead:
    "Merge into the branch that is deployed, or rebase onto it; git leaves a conflict in the lock, and `npx sessgen` solves it.",
  example: {
    note: "Two branches added a field each; the one that is deployed next does not have what the other one added.",
    base: "schema: z.object({ visits: z.int().default(0) })",
    before: "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional() })",
    after: "schema: z.object({ visits: z.int().default(0), theme: z.string().optional() })",
  },
  find: ({ before, after }) => {
    const { missing, added } = compareLogs(before.lock, after.lock);
    if (missing.length === 0 || added.length === 0) return [];
    const keys = missing.map(({ key }) => key).join(", ");
    return [{ path: "lock", at: [], summary: `The lock went another way, and lacks ${keys}` }];
  },
};
