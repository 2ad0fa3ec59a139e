import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const both = async ({ older, newer }: Versions) => {
  await older.visit((session) => {
    session.visits = 1;
  });
  await newer.visit((session) => {
    session.visits += 1;
  });
  return older.visit((session) => session.visits);
};

export const fixture: Fixture = [
  ["both versions read both", { given: both, want: 2 }],
  [
    "msgpack, too",
    {
      class: "once-deployed",
      example: {
        before: 'schema: z.object({ visits: z.int().default(0) }), serializer: "packed"',
        after: 'schema: z.object({ visits: z.int().default(0) }), serializer: "msgpack"',
      },
      given: both,
      want: 2,
    },
  ],
];
