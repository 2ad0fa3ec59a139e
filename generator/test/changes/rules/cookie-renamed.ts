import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "the browser's cookie is not looked at",
    {
      given: async (versions) => [
        await visitedBefore(versions),
        await versions.older.visit((session) => session.visits),
      ],
      want: [0, 1],
    },
  ],
];
