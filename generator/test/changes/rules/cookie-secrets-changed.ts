import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const both = readByBoth("visits", [1, 2], { anew: true });

export const fixture: Fixture = [
  ["in front at once: the older version cannot verify it", { given: both, want: [1, 0] }],
  [
    "behind first: nothing is lost",
    {
      class: "safe",
      example: { after: 'cookie: { name: "__Host-session", secrets: [env("SECRET"), env("NEW_SECRET")] }' },
      given: both,
      want: [1, 2],
    },
  ],
  [
    "gone: whoever has a cookie of it is logged out",
    {
      class: "breaking",
      example: {
        before: 'cookie: { name: "__Host-session", secrets: [env("SECRET"), env("NEW_SECRET")] }',
        after: 'cookie: { name: "__Host-session", secrets: [env("NEW_SECRET")] }',
      },
      given: both,
      want: [0, 2],
    },
  ],
];
