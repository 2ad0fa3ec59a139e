import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "as soon as another slot is given out, what is stored there is dropped",
    {
      example: {
        base: "schema: z.object({ visits: z.int().default(0), theme: z.string().optional() })",
        before:
          "schema: z.object({ visits: z.int().default(0), theme: z.string().optional(), coupon: z.string().optional() })",
        after: "schema: z.object({ visits: z.int().default(0), theme: z.string().optional() })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.visits = 1;
          session.coupon = "half";
        });
        return [
          await newer.visit((session) => session.toJSON()),
          await older.visit((session) => session.coupon),
        ];
      },
      // Until then it is carried along.
      want: [{ visits: 1 }, "half"],
    },
  ],
];
