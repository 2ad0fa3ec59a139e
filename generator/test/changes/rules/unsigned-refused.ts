import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "who still has an unsigned cookie is logged out",
    {
      given: async ({ older, newer, cookies }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        // As it was before there were signatures.
        for (const [name, value] of cookies) cookies.set(name, value.split(".")[0] ?? "");
        return [
          await older.visit((session) => {
            const { visits } = session;
            session.$disable();
            return visits;
          }),
          await newer.visit((session) => session.visits),
        ];
      },
      want: [1, 0],
    },
  ],
];
