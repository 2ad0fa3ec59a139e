import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "sessions from before, and what the older version writes, are not found",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada" };
        });
        const missed = [
          await newer.sessions.count("user.id", "ada"),
          await newer.sessions.destroyBy("user.id", "ada"),
        ];
        await newer.visit((session) => {
          session.user = { id: "eve" };
        });
        return [...missed, await newer.sessions.count("user.id", "eve")];
      },
      want: [0, 0, 1],
    },
  ],
];
