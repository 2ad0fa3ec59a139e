import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const both = readByBoth("visits", [1, 2], { anew: true });

export const fixture: Fixture = [
  ["in front at once: the older version cannot open it", { ownStores: true, given: both, want: [1, 0] }],
  [
    "behind first: nothing is lost",
    {
      ownStores: true,
      class: "safe",
      example: { after: 'backend: { kind: "cookie", secrets: [env("SECRET"), env("NEW_SECRET")] }' },
      given: both,
      want: [1, 2],
    },
  ],
];
