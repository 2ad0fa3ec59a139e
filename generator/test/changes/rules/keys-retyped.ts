import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "either version cannot read what the other one wrote",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.counts = { a: 1 };
        });
        const read = await newer.visit((session) => session.counts);
        await newer.visit((session) => {
          session.$reset("counts");
          session.counts = { a: "x" };
        });
        return [read, await older.visit((session) => session.counts)];
      },
      want: [undefined, undefined],
    },
  ],
  [
    "a date is read as a number",
    {
      example: {
        before: "schema: z.object({ seen: z.object({}).catchall(z.date()).optional() })",
        after: "schema: z.object({ seen: z.looseObject({}).optional() })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.seen = { a: new Date(5) };
        });
        return newer.visit((session) => session.seen);
      },
      want: { a: 5 },
    },
  ],
];
