import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "a field with a null in it reads as absent",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", name: null };
        });
        return newer.visit((session) => session.user);
      },
      want: undefined,
    },
  ],
  [
    "a list with one, too",
    {
      example: {
        before: "schema: z.object({ tags: z.array(z.string().nullable()).optional() })",
        after: "schema: z.object({ tags: z.array(z.string()).optional() })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.tags = ["a", null];
        });
        return newer.visit((session) => session.tags);
      },
      want: undefined,
    },
  ],
  [
    "a list with an undefined in it, too",
    {
      example: {
        before: "schema: z.object({ tags: z.array(z.string().optional()).optional() })",
        after: "schema: z.object({ tags: z.array(z.string()).optional() })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.tags = ["a", undefined];
        });
        return newer.visit((session) => session.tags);
      },
      want: undefined,
    },
  ],
];
