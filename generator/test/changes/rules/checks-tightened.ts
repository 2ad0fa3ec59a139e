import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "packed: it is read, and changing it in place is refused",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.tags = ["far too long"];
        });
        return [
          await newer.visit((session) => session.tags),
          await newer.visit((session) => void session.tags.push("new")),
        ];
      },
      want: [["far too long"], { refused: "field/invalid" }],
    },
  ],
  [
    "json: it reads as the default, and is gone once the field is assigned",
    {
      class: "breaking",
      example: {
        before: 'serializer: "json", schema: z.object({ tags: z.array(z.string()).default([]) })',
        after: 'serializer: "json", schema: z.object({ tags: z.array(z.string().max(8)).default([]) })',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.tags = ["far too long"];
        });
        const read = await newer.visit((session) => session.tags);
        await newer.visit((session) => void session.tags.push("new"));
        return [read, await older.visit((session) => session.tags)];
      },
      want: [[], ["new"]],
    },
  ],
  [
    "a format is a check, too",
    {
      example: {
        before: "schema: z.object({ tags: z.array(z.string()).default([]) })",
        after: "schema: z.object({ tags: z.array(z.email()).default([]) })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.tags = ["ada"];
        });
        return [
          await newer.visit((session) => session.tags),
          await newer.visit((session) => void session.tags.push("ada@example.org")),
        ];
      },
      want: [["ada"], { refused: "field/invalid" }],
    },
  ],
];
