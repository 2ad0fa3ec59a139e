import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "the newer version looks elsewhere",
    {
      ownStores: true,
      example: {
        before: 'backend: { kind: "file", directory: ".cache/sessgen-tests/changes-1" }',
        after: 'backend: { kind: "file", directory: ".cache/sessgen-tests/changes-2" }',
      },
      given: async (versions) => [
        await visitedBefore(versions),
        await versions.older.visit((session) => session.visits),
      ],
      want: [0, 1],
    },
  ],
];
