import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "who is older than the new absolute lifetime is logged out",
    {
      given: async ({ older, newer, clock }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        for (let half = 0; half < 10; half += 1) {
          clock.advance(30 * 60_000);
          await older.visit((session) => session.visits);
        }
        return [
          await older.visit((session) => session.visits),
          await newer.visit((session) => session.visits),
        ];
      },
      want: [1, 0],
    },
  ],
  [
    "of a shorter idle lifetime, nobody notices but by his next use",
    {
      class: "safe",
      example: {
        before: 'lifetime: { idle: "1h", absolute: "12h" }',
        after: 'lifetime: { idle: "20m", absolute: "12h" }',
      },
      given: async ({ older, newer, clock }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        clock.advance(40 * 60_000);
        const read = await newer.visit((session) => {
          session.visits += 1;
          return session.visits;
        });
        clock.advance(25 * 60_000);
        return [read, await newer.visit((session) => session.visits)];
      },
      want: [2, 0],
    },
  ],
];
