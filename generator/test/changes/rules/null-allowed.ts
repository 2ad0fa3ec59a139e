import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version reads a null as absent",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.theme = "dark";
        });
        await newer.visit((session) => {
          session.theme = null;
        });
        return [await older.visit((session) => session.theme), await newer.visit((session) => session.theme)];
      },
      want: [undefined, null],
    },
  ],
  [
    "and a list with an undefined in it",
    {
      example: {
        before: "schema: z.object({ tags: z.array(z.string()).optional() })",
        after: "schema: z.object({ tags: z.array(z.string().optional()).optional() })",
      },
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.tags = [undefined];
        });
        return [await older.visit((session) => session.tags), await newer.visit((session) => session.tags)];
      },
      want: [undefined, [undefined]],
    },
  ],
];
