import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what was written while it was off is not found",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.user = { id: "ada" };
        });
        const found = await newer.sessions.count("user.id", "ada");
        await older.visit((session) => {
          session.user = { id: "eve" };
        });
        return [found, await newer.sessions.count("user.id", "eve")];
      },
      want: [1, 0],
    },
  ],
];
