import type { Fixture } from "../fixture.js";

const text = "la".repeat(500);

export const fixture: Fixture = [
  [
    "both versions read what either writes",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.text = text;
        });
        const first = await newer.visit((session) => session.text);
        await newer.visit((session) => {
          session.text = `${text}!`;
        });
        return [first, await older.visit((session) => session.text)];
      },
      want: [text, `${text}!`],
    },
  ],
];
