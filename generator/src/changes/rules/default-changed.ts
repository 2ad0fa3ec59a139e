import type { Rule } from "../rule.js";

/** Something else stands in for what is not there. */
export const defaultChanged: Rule = {
  title: "A default, or what a catch gives, changed",
  class: "once-deployed",
  why: "A default is not stored: sessions that never assigned the field read the new one at once, and the old one on older versions.",
  instead: "Nothing, unless somebody must not see the two side by side.",
  example: {
    before: "schema: z.object({ pageSize: z.int().default(20) })",
    after: "schema: z.object({ pageSize: z.int().default(50) })",
  },
  find: ({ parts }) =>
    parts.kept.flatMap(({ before, after }) =>
      (["default", "catch"] as const).flatMap((name) => {
        const [was, is] = [before.attributes?.[name], after.attributes?.[name]];
        if (was === is) return [];
        const text = (value: string | undefined): string => value ?? "none";
        return [
          { path: after.path, summary: `The ${name} of ${after.path} was ${text(was)} and is ${text(is)}` },
        ];
      }),
    ),
};
