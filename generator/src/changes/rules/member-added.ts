import { literalsOf } from "../literals.js";
import type { Rule } from "../rule.js";

/** A member of an enum, or a value of a literal, came. */
export const memberAdded: Rule = {
  title: "A member of an enum, or a value of a literal, was added",
  class: "once-deployed",
  why: "An older version cannot read it: to it the field is absent, or has its default. It stays stored as long as that version does not assign the field.",
  instead: "Assign it when no older version runs any more.",
  example: {
    before: 'schema: z.object({ theme: z.enum(["light", "dark"]).default("light") })',
    after: 'schema: z.object({ theme: z.enum(["light", "dark", "sepia"]).default("light") })',
  },
  find: (comparison) => [
    ...comparison.parts.added
      .filter(({ kind }) => kind === "member")
      .map(({ path, owner, name }) => ({ path, summary: `The member ${name} of ${owner} was added` })),
    ...literalsOf(comparison).flatMap(({ path, added }) =>
      added.map((value) => ({ path, summary: `The value ${value} of ${path} was added` })),
    ),
  ],
};
