import type { Fixture } from "../fixture.js";

const modules = {
  "schema.ts": `import { z } from "zod";
export const schema = z.object({ visits: z.int().refine((value) => value % 2 === 0).default(0) });
`,
};

export const fixture: Fixture = [
  [
    "what is stored is read as it is, and what is assigned has to pass",
    {
      example: {
        before: "schema: z.object({ visits: z.int().refine((value) => value % 2 === 0).default(0) })",
        after:
          'schema: z.object({ visits: z.int().refine((value) => value % 2 === 0).default(0) }), schemaModule: "./schema.ts"',
      },
      modules,
      given: async ({ older, newer }) => {
        const odd = (session: { visits: number }) => {
          session.visits = 3;
        };
        await older.visit(odd);
        const refused = await newer.visit(odd);
        return [await newer.visit((session) => session.visits), refused];
      },
      want: [3, { refused: "field/invalid" }],
    },
  ],
];
