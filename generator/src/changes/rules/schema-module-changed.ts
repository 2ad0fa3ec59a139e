import type { Rule } from "../rule.js";

/** The application's own schema judges what is assigned, or no longer does. */
export const schemaModuleChanged: Rule = {
  title: "`schemaModule` came, went, or is another one",
  class: "once-deployed",
  why: "With it, what is assigned or changed in place has to pass the schema's refinements, and becomes what its transforms make of it. What is stored is read as it is; an older version goes on storing what it let through. The lock does not know what the functions do.",
  instead: "Rely on it when no older version runs any more, and not of values that were stored before.",
  example: {
    before: "schema: z.object({ visits: z.int().refine((value) => value % 2 === 0).default(0) })",
    after:
      'schema: z.object({ visits: z.int().refine((value) => value % 2 === 0).default(0) }), schemaModule: "./src/schema.ts"',
  },
  find: ({ before, after }) => {
    const [was, is] = [before, after].map(({ snapshot }) => snapshot.schemaModule ?? "nothing");
    if (was === is) return [];
    return [{ path: "schemaModule", at: ["schemaModule"], summary: `schemaModule was ${was} and is ${is}` }];
  },
};
