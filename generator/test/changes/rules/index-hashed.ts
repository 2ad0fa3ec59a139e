import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the newer version finds what the older one writes; the other way, not where the older one has just looked",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = "ada";
        });
        await older.sessions.count("user", "ada");
        const found = await newer.sessions.destroyBy("user", "ada");
        await newer.visit((session) => {
          session.user = "eve";
        });
        return [found, await older.sessions.destroyBy("user", "eve")];
      },
      want: [1, 0],
    },
  ],
];
