import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what is stored is carried along until another slot is given out, and then dropped",
    {
      later: "schema: z.object({ visits: z.int().default(0), referrer: z.string().optional() })",
      given: async ({ older, newer, later }) => {
        await older.visit((session) => {
          session.coupon = "half";
        });
        await newer.visit((session) => {
          session.visits = 1;
        });
        const carried = await older.visit((session) => session.coupon);
        const read = await later.visit((session) => [session.visits, session.referrer]);
        await later.visit((session) => {
          session.visits = 2;
        });
        return [carried, read, await older.visit((session) => [session.visits, session.coupon])];
      },
      want: ["half", [1, undefined], [2, undefined]],
    },
  ],
];
