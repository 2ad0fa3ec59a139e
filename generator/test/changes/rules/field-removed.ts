import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what is stored stays for the older version",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.coupon = "half";
        });
        await newer.visit((session) => {
          session.visits = 7;
        });
        return older.visit((session) => [session.visits, session.coupon]);
      },
      want: [7, "half"],
    },
  ],
];
