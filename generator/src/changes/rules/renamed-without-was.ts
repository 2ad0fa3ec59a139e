import type { Part } from "../parts.js";
import type { Rule } from "../rule.js";

/** Something went and something of the same type came beside it. */
export const renamedWithoutWas: Rule = {
  title: "Something went and something of the same type came, without `was`",
  class: "breaking",
  why: "Without `was` the new name has a slot of its own, and what is stored under the former name is read by nobody.",
  loss: {
    what: "what is stored under the former name",
    who: "every session that has it",
    until: "it is written anew under the new name",
  },
  instead:
    'Say what it was called: `fields: { visits: { was: "hits" } }`. Where the two have nothing to do with each other, `--accept renamed-without-was` says so.',
  example: {
    before: "schema: z.object({ hits: z.int().default(0) })",
    after: "schema: z.object({ visits: z.int().default(0) })",
  },
  find: ({ parts }) =>
    parts.removed.flatMap((gone) => {
      const came = parts.added.filter((part) => isAlike(part, gone));
      const [only] = came;
      const others = parts.removed.filter((part) => only !== undefined && isAlike(part, only));
      // Of several that went or came nobody knows which is which.
      if (only === undefined || came.length > 1 || others.length > 1) return [];
      return [
        {
          path: only.path,
          summary: `${gone.path} was removed and ${only.path} added, of the same type ${gone.type}`,
        },
      ];
    }),
};

function isAlike(one: Part, other: Part): boolean {
  return (
    one.kind === other.kind &&
    one.owner === other.owner &&
    one.type === other.type &&
    (one.kind === "field" || one.kind === "property")
  );
}
