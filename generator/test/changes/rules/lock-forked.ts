import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what came since is dropped by the other version, and what both had stays",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.visits = 1;
          session.coupon = "half";
        });
        const read = await newer.visit((session) => [session.visits, session.theme]);
        await newer.visit((session) => {
          session.visits = 2;
        });
        return [read, await older.visit((session) => [session.visits, session.coupon])];
      },
      want: [
        [1, undefined],
        [2, undefined],
      ],
    },
  ],
];
