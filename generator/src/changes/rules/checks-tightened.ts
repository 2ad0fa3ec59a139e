import type { Rule } from "../rule.js";
import { formatBefore } from "../serializers.js";

/** Values are refused that were let through. */
export const checksTightened: Rule = {
  title: "Bounds, a format or a pattern refuse values that were let through",
  class: "step",
  steps: ["two-deploys"],
  otherwise: { breaking: "where the sessions are json or msgpack, which are checked when they are read" },
  why: "Packed sessions are not checked when they are read: the value is there as it was. Changing the field in place is refused (`SessionFieldError`) until what is wrong in it is put right.",
  loss: {
    what: "requests that change a field in place which has such a value",
    who: "sessions that hold a value that does not pass",
    until: "it is assigned anew",
  },
  instead:
    "First a release that assigns only what passes; when the lifetime of sessions is over, say so in the schema.",
  example: {
    before: "schema: z.object({ tags: z.array(z.string()).default([]) })",
    after: "schema: z.object({ tags: z.array(z.string().max(8)).default([]) })",
  },
  find: ({ checks, before }) =>
    checks.flatMap(({ path, tighter }) => {
      if (tighter.length === 0) return [];
      const found = { path, summary: `${path} is checked more strictly: ${tighter.join(", ")}` };
      const format = formatBefore(before);
      if (format === undefined) return [found];
      const loss = {
        what: "the field that has a value which does not pass, with all that is in it: it reads as absent or as its default",
        who: `sessions stored as ${format} that hold one`,
        until: "it is assigned anew",
      };
      return [{ ...found, class: "breaking", loss }];
    }),
};
