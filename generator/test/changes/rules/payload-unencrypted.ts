import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";
import { visitedBefore } from "../visited-before.js";

const both = async ({ older, newer }: Versions) => {
  await older.visit((session) => {
    session.visits = 1;
  });
  const read = await newer.visit((session) => session.visits);
  await newer.visit((session) => {
    session.visits = 2;
  });
  return [read, await older.visit((session) => session.visits)];
};

export const fixture: Fixture = [
  ["the older version does not read what is in the open", { given: both, want: [1, 0] }],
  [
    "which it does with acceptPlain",
    {
      class: "safe",
      example: {
        before:
          'schema: z.object({ visits: z.int().default(0) }), encryption: { secrets: [env("SECRET")], payload: true, acceptPlain: true }',
      },
      given: both,
      want: [1, 2],
    },
  ],
  [
    "without the secret nothing that is stored is read",
    {
      class: "breaking",
      example: { after: "schema: z.object({ visits: z.int().default(0) })" },
      given: visitedBefore,
      want: 0,
    },
  ],
];
