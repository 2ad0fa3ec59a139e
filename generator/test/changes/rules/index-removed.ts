import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version does not find what the newer one writes",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada" };
        });
        const found = await older.sessions.count("user.id", "ada");
        await newer.visit((session) => {
          session.user = { id: "eve" };
        });
        return [found, await older.sessions.destroyBy("user.id", "eve")];
      },
      want: [1, 0],
    },
  ],
];
