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
    "json: it reads as the default, and stays stored until the field is replaced",
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
        const push = () => newer.visit((session) => void session.tags.push("new"));
        const refused = await push();
        const kept = await older.visit((session) => session.tags);
        await push();
        return [read, refused, kept, await older.visit((session) => session.tags)];
      },
      want: [[], { refused: "session/substitute" }, ["far too long"], ["new"]],
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
