import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "packed: the older version reads it, and is refused when it changes it",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.tags = ["far too long"];
        });
        return [
          await older.visit((session) => session.tags),
          await older.visit((session) => void session.tags.push("new")),
        ];
      },
      want: [["far too long"], { refused: "field/invalid" }],
    },
  ],
  [
    "json: the older version reads it as absent",
    {
      example: {
        before: 'serializer: "json", schema: z.object({ tags: z.array(z.string().max(8)).default([]) })',
        after: 'serializer: "json", schema: z.object({ tags: z.array(z.string()).default([]) })',
      },
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.tags = ["far too long"];
        });
        return older.visit((session) => session.tags);
      },
      want: [],
    },
  ],
];
