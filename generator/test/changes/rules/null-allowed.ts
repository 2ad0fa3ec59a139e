import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version reads a null as absent",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.theme = "dark";
        });
        await newer.visit((session) => {
          session.theme = null;
        });
        return [await older.visit((session) => session.theme), await newer.visit((session) => session.theme)];
      },
      want: [undefined, null],
    },
  ],
];
