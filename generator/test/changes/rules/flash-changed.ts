import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "what is stored is shown once more, and then gone",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.notice = "saved";
        });
        return [
          await older.visit((session) => session.notice),
          await newer.visit((session) => session.notice),
          await older.visit((session) => session.notice),
        ];
      },
      want: ["saved", "saved", undefined],
    },
  ],
];
