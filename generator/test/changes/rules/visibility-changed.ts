import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version goes on showing it",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.token = "t";
        });
        return [
          await older.visit((session) => session.toJSON()),
          await newer.visit((session) => session.toJSON()),
        ];
      },
      want: [{ token: "t" }, {}],
    },
  ],
];
