import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "a value from before has no end until it is assigned again",
    {
      given: async ({ older, newer, clock }) => {
        await older.visit((session) => {
          session.code = "a";
        });
        clock.advance(11 * 60_000);
        const before = await newer.visit((session) => session.code);
        await newer.visit((session) => {
          session.code = "b";
        });
        clock.advance(11 * 60_000);
        return [
          before,
          await newer.visit((session) => session.code),
          await older.visit((session) => session.code),
        ];
      },
      want: ["a", undefined, "b"],
    },
  ],
];
