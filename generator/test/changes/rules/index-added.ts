import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "sessions that are not in the index are found by looking at all, where the store can list them",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada" };
        });
        const found = [
          await newer.sessions.count("user.id", "ada"),
          await newer.sessions.destroyBy("user.id", "ada"),
        ];
        await newer.visit((session) => {
          session.user = { id: "eve" };
        });
        return [...found, await newer.sessions.count("user.id", "eve")];
      },
      want: [1, 1, 1],
    },
  ],
];
