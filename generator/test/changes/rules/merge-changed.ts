import type { Fixture } from "../fixture.js";
import type { Version, Versions } from "../versions.js";

/** Two requests count at once; the version that commits last merges. */
const counted = async (last: Version, { older }: Versions) => {
  await older.visit((session) => {
    session.visits = 1;
  });
  await last.visit(async (session) => {
    session.visits += 1;
    await older.visit((other) => {
      other.visits += 1;
    });
  });
  return older.visit((session) => session.visits);
};

export const fixture: Fixture = [
  [
    "the older version loses one of two counts, the newer one none",
    {
      given: async (versions) => [
        await counted(versions.older, versions),
        await counted(versions.newer, versions),
      ],
      want: [2, 3],
    },
  ],
];
