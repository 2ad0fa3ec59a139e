import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version carries it along, the newer one reads what is older",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        const first = await newer.visit((session) => [session.visits, session.theme]);
        await newer.visit((session) => {
          session.theme = "dark";
        });
        await older.visit((session) => {
          session.visits += 1;
        });
        return [first, await newer.visit((session) => [session.visits, session.theme])];
      },
      want: [
        [1, "light"],
        [2, "dark"],
      ],
    },
  ],
];
