import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "an object without it cannot be read",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada" };
        });
        return newer.visit((session) => session.user);
      },
      want: undefined,
    },
  ],
];
