import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "neither version finds what the other one writes",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = "ada";
        });
        const missed = await newer.sessions.destroyBy("user", "ada");
        await newer.visit((session) => {
          session.user = "eve";
        });
        return [missed, await older.sessions.destroyBy("user", "eve")];
      },
      want: [0, 0],
    },
  ],
];
