import { compareLogs } from "../logs.js";
import type { Rule } from "../rule.js";

/** The lock lacks what the older one has at its end. */
export const lockReverted: Rule = {
  title: "The lock went back: it lacks slots that were given out",
  class: "breaking",
  why: "The next field gets a slot that another one has in stored sessions. What was stored there is known by the history of the lock and dropped.",
  loss: {
    what: "the fields that the lock does not know any more",
    who: "sessions that the reverted version has written",
    until: "never: as soon as another slot is given out, they are dropped",
  },
  instead:
    "Where the other version is merely ahead, merge it first. Otherwise revert the config and keep the lock: `git checkout REF -- sessgen.lock.json`, and run `npx sessgen` again. Slots that nothing uses cost nothing.",
  example: {
    note: "The commit that added the field was reverted, lock included.",
    base: "schema: z.object({ visits: z.int().default(0) })",
    before: "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional() })",
    after: "schema: z.object({ visits: z.int().default(0) })",
  },
  find: ({ before, after }) => {
    const { missing, added } = compareLogs(before.lock, after.lock);
    if (missing.length === 0 || added.length > 0) return [];
    const isPrefix = before.lock.log.length === after.lock.log.length + missing.length;
    const keys = missing.map(({ key }) => key).join(", ");
    return [
      {
        path: "lock",
        at: [],
        summary: `The lock lacks slots that were given out: ${keys}${isPrefix ? "; it went back, or what gave them out is not merged yet" : ""}`,
      },
    ];
  },
};
