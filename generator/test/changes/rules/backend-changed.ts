import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  [
    "the newer version looks elsewhere",
    {
      ownStores: true,
      example: {
        before: 'backend: { kind: "memory" }',
        after: 'backend: { kind: "file", directory: ".cache/sessgen-tests/changes" }',
      },
      given: visitedBefore,
      want: 0,
    },
  ],
];
