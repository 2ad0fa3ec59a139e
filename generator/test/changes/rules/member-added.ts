import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version reads the default, and leaves what is stored",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.theme = "sepia";
        });
        return [await older.visit((session) => session.theme), await newer.visit((session) => session.theme)];
      },
      want: ["light", "sepia"],
    },
  ],
  [
    "a literal, too",
    {
      example: {
        before: 'schema: z.object({ theme: z.literal(["light"]).optional() })',
        after: 'schema: z.object({ theme: z.literal(["light", "sepia"]).optional() })',
      },
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.theme = "sepia";
        });
        return [await older.visit((session) => session.theme), await newer.visit((session) => session.theme)];
      },
      want: [undefined, "sepia"],
    },
  ],
];
