import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the newer version cannot tell what is stored",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.visits = 1;
          session.coupon = "half";
        });
        return newer.visit((session) => [session.visits, session.coupon]);
      },
      want: [0, undefined],
    },
  ],
];
