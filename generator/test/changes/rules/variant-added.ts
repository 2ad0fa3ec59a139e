import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "the older version reads it as absent, and leaves what is stored",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.contact = true;
        });
        return [
          await older.visit((session) => session.contact),
          await newer.visit((session) => session.contact),
        ];
      },
      want: [undefined, true],
    },
  ],
];
