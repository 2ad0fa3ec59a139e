import { compareLogs } from "../logs.js";
import type { Rule } from "../rule.js";

/** Somebody has put the lock together by hand. */
export const lockEdited: Rule = {
  title: "The lock was edited by hand, or merged so",
  class: "breaking",
  why: "The order of the log, and which slot stands for what, decide how stored sessions are read. sessgen changes neither.",
  loss: {
    what: "the fields whose slots have moved, and all that came behind the first difference",
    who: "every session that was stored before",
    until: "they are assigned anew",
  },
  instead:
    "Take the lock of the version that is deployed, or leave git's conflict as it is, and run `npx sessgen` again: it reads both sides.",
  example: {
    note: "Somebody put the entries of the log in another order.",
    base: "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional(), theme: z.string().optional() })",
    before:
      "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional(), theme: z.string().optional() })",
    after:
      "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional(), theme: z.string().optional() })",
    edit: (lock) => ({ ...lock, log: lock.log.toReversed() }),
  },
  find: ({ before, after, parts }) => [
    ...(compareLogs(before.lock, after.lock).isReordered
      ? [{ path: "lock", at: [], summary: "The log of the lock has another order" }]
      : []),
    ...parts.moved.map((pair) => ({
      path: pair.after.path,
      summary: `${pair.after.path} had slot ${pair.before.slot} and has ${pair.after.slot}, of the same type`,
    })),
  ],
};
