import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version does not read them, and keeps them when it changes the object in place",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.settings = { theme: "dark", size: 3 };
        });
        const read = await older.visit((session) => session.settings);
        await older.visit((session) => {
          session.settings.theme = "light";
        });
        return [read, await newer.visit((session) => session.settings)];
      },
      want: [{ theme: "dark" }, { theme: "light", size: 3 }],
    },
  ],
];
