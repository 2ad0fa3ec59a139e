import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "it reads as absent; the older version still reads it",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.contact = { by: "phone", number: "1" };
        });
        return [
          await newer.visit((session) => session.contact),
          await older.visit((session) => session.contact),
        ];
      },
      want: [undefined, { by: "phone", number: "1" }],
    },
  ],
];
