import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

/** A version of before the identity changed. */
const first = 'schema: z.object({ visits: z.int().default(0) }), realm: "two"';

async function visitedFirst({ later }: Versions): Promise<void> {
  await later.visit((session) => {
    session.visits = 1;
  });
}

export const fixture: Fixture = [
  [
    "who has not come since is a stranger to the newer version, and not to the older one",
    {
      later: first,
      given: async (versions) => {
        await visitedFirst(versions);
        const { older, newer } = versions;
        return [
          await older.visit((session) => session.visits),
          await newer.visit((session) => session.visits),
        ];
      },
      want: [1, 0],
    },
  ],
  [
    "what has moved is found by both",
    {
      later: first,
      given: async (versions) => {
        await visitedFirst(versions);
        await versions.older.visit((session) => {
          session.visits += 1;
        });
        return versions.newer.visit((session) => session.visits);
      },
      want: 2,
    },
  ],
];
