import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version cannot read an object without it",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", name: "Ada" };
        });
        const read = await newer.visit((session) => session.user);
        await newer.visit((session) => {
          delete session.user.name;
        });
        return [
          read,
          await older.visit((session) => session.user),
          await newer.visit((session) => session.user),
        ];
      },
      want: [{ id: "ada", name: "Ada" }, undefined, { id: "ada" }],
    },
  ],
];
