import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  ["the session goes on", { given: visitedBefore, want: 1 }],
  [
    "on the older version, too",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.visits = 1;
        });
        return older.visit((session) => session.visits);
      },
      want: 1,
    },
  ],
];
