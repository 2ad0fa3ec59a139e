import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "sessions go on, on both versions",
    {
      given: async (versions) => {
        const read = await visitedBefore(versions);
        await versions.newer.visit((session) => {
          session.visits = 2;
        });
        return [read, await versions.older.visit((session) => session.visits)];
      },
      want: [1, 2],
    },
  ],
  [
    "without acceptUnsigned everybody is logged out",
    {
      class: "breaking",
      example: { after: 'cookie: { name: "__Host-session", secrets: [env("SECRET")] }' },
      given: visitedBefore,
      want: 0,
    },
  ],
];
