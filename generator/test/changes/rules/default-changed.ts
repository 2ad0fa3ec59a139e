import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "a session that never assigned it reads as the version says; what is assigned stays",
    {
      given: async ({ older, newer }) => {
        const reads = [
          await older.visit((session) => session.pageSize),
          await newer.visit((session) => session.pageSize),
        ];
        await older.visit((session) => {
          session.pageSize = 10;
        });
        return [...reads, await newer.visit((session) => session.pageSize)];
      },
      want: [20, 50, 10],
    },
  ],
];
