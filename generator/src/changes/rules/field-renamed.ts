import type { Rule } from "../rule.js";
import { asDocument } from "../serializers.js";

/** A field, a property, a variant or a member is called otherwise and keeps its slot. */
export const fieldRenamed: Rule = {
  title: "Something was renamed, with `was`",
  class: "safe",
  otherwise: { breaking: "where the sessions are json or msgpack, which store names" },
  why: "What is stored under the former name is read under the new one, by both versions.",
  example: {
    before: "schema: z.object({ hits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), fields: { visits: { was: "hits" } }',
  },
  find: ({ parts, before, after }) =>
    parts.renamed.map((pair) => {
      const [from, to] = [pair.before.path, pair.after.path];
      const found = { path: to, summary: `${from} was renamed to ${to}` };
      const format = asDocument(before, after);
      if (format === undefined) return found;
      return {
        ...found,
        class: "breaking",
        loss: {
          what: `what is stored as ${from}`,
          who: "every session that has it: the newer version does not read it, nor the older one what the newer one writes",
          until: "the session ends",
        },
        instead: `Change the serializer to packed first and let sessions stored as ${format} end; or keep the name.`,
      };
    }),
};
