import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "to the older version the session is over as early as ever",
    {
      given: async ({ older, newer, clock }) => {
        await newer.visit((session) => {
          session.visits = 1;
        });
        for (let half = 0; half < 10; half += 1) {
          clock.advance(30 * 60_000);
          await newer.visit((session) => session.visits);
        }
        return [
          await newer.visit((session) => session.visits),
          await older.visit((session) => session.visits),
        ];
      },
      want: [1, 0],
    },
  ],
];
