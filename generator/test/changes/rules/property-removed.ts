import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version cannot read what the newer one writes",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", name: "Ada" };
        });
        const read = await newer.visit((session) => session.user);
        await newer.visit((session) => {
          session.user = { id: "eve" };
        });
        return [read, await older.visit((session) => session.user)];
      },
      want: [{ id: "ada" }, undefined],
    },
  ],
  [
    "which it can where it does without the property",
    {
      class: "once-deployed",
      example: {
        before:
          "schema: z.object({ user: z.object({ id: z.string(), name: z.string().optional() }).optional() })",
      },
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.user = { id: "eve" };
        });
        return older.visit((session) => session.user);
      },
      want: { id: "eve" },
    },
  ],
];
