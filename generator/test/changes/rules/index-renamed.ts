import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the newer version finds what the older one writes, and not the other way",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.owner = "ada";
        });
        const found = await newer.sessions.destroyBy("user", "ada");
        await newer.visit((session) => {
          session.user = "eve";
        });
        return [found, await older.sessions.destroyBy("owner", "eve")];
      },
      want: [1, 0],
    },
  ],
];
