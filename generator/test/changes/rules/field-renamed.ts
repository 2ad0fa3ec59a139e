import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "both versions read what either writes",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.hits = 3;
        });
        const read = await newer.visit((session) => session.visits);
        await newer.visit((session) => {
          session.visits = 4;
        });
        return [read, await older.visit((session) => session.hits)];
      },
      want: [3, 4],
    },
  ],
  [
    "json, too",
    {
      example: {
        before: 'serializer: "json", schema: z.object({ hits: z.int().default(0) })',
        after:
          'serializer: "json", schema: z.object({ visits: z.int().default(0) }), fields: { visits: { was: "hits" } }',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.hits = 3;
        });
        const read = await newer.visit((session) => session.visits);
        await newer.visit((session) => {
          session.visits = 4;
        });
        return [read, await older.visit((session) => session.hits)];
      },
      want: [3, 4],
    },
  ],
];
