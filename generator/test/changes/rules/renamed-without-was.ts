import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what is stored under the former name is read by nobody",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.hits = 3;
        });
        return newer.visit((session) => session.visits);
      },
      want: 0,
    },
  ],
];
