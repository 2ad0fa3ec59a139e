import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "they are not read, and gone for the older version once the object is written",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.settings = { theme: "dark", size: 3 };
        });
        const read = await newer.visit((session) => session.settings);
        await newer.visit((session) => {
          session.settings.theme = "light";
        });
        return [read, await older.visit((session) => session.settings)];
      },
      want: [{ theme: "dark" }, { theme: "light" }],
    },
  ],
];
