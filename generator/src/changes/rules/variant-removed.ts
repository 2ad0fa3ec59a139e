import type { Rule } from "../rule.js";

/** A variant of a union went, or is called otherwise. */
export const variantRemoved: Rule = {
  title: "A variant of a union was removed or renamed",
  class: "breaking",
  why: "A stored one cannot be read any more: the field, with all that is in it, reads as absent or as its default.",
  loss: {
    what: "the field that has it, with all that is in it",
    who: "sessions that hold it",
    until: "the field is assigned anew; until then it is read again by whoever knows the variant",
  },
  instead:
    "Keep the variant in the schema and stop assigning it; remove it when the lifetime of sessions is over.",
  example: {
    before: `schema: z.object({
  contact: z
    .discriminatedUnion("by", [
      z.object({ by: z.literal("email"), address: z.string() }),
      z.object({ by: z.literal("post"), street: z.string() }),
      z.object({ by: z.literal("phone"), number: z.string() }),
    ])
    .optional(),
})`,
    after: `schema: z.object({
  contact: z
    .discriminatedUnion("by", [
      z.object({ by: z.literal("email"), address: z.string() }),
      z.object({ by: z.literal("post"), street: z.string() }),
    ])
    .optional(),
})`,
  },
  find: ({ parts }) =>
    parts.removed
      .filter(({ kind }) => kind === "variant")
      .map(({ path, owner, name }) => ({ path, summary: `The variant ${name} of ${owner} was removed` })),
};
