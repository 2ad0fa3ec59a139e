import { begunByNewer } from "../begun-by-newer.js";
import type { Fixture } from "../fixture.js";
import { visitedBefore } from "../visited-before.js";

export const fixture: Fixture = [
  ["the session goes on", { given: visitedBefore, want: 1 }],
  [
    "on the older version, too",
    {
      given: begunByNewer,
      want: 1,
    },
  ],
];
