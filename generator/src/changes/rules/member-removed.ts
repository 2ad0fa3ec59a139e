import { literalsOf } from "../literals.js";
import type { Rule } from "../rule.js";

/** A member of an enum, or a value of a literal, went, or is called otherwise. */
export const memberRemoved: Rule = {
  title: "A member of an enum, or a value of a literal, was removed or renamed",
  class: "breaking",
  why: "A stored one cannot be read any more: the field, with all that is in it, reads as absent or as its default. In a list of members it is the whole list.",
  loss: {
    what: "the field that has it, with all that is in it",
    who: "sessions that hold it",
    until: "the field is assigned anew; until then it is read again by whoever knows the member",
  },
  instead:
    "Keep the member in the schema and stop assigning it; remove it when the lifetime of sessions is over.",
  example: {
    before: 'schema: z.object({ theme: z.enum(["light", "dark", "sepia"]).default("light") })',
    after: 'schema: z.object({ theme: z.enum(["light", "dark"]).default("light") })',
  },
  find: (comparison) => [
    ...comparison.parts.removed
      .filter(({ kind }) => kind === "member")
      .map(({ path, owner, name }) => ({ path, summary: `The member ${name} of ${owner} was removed` })),
    ...literalsOf(comparison).flatMap(({ path, removed }) =>
      removed.map((value) => ({ path, summary: `The value ${value} of ${path} was removed` })),
    ),
  ],
};
