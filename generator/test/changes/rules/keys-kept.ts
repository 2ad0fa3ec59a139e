import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version drops them when it writes the object",
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
      want: [{ theme: "dark" }, { theme: "light" }],
    },
  ],
];
