import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const both = readByBoth("visits", [1, 2], { anew: true });

export const fixture: Fixture = [
  ["the older version refuses unsigned cookies", { given: both, want: [1, 0] }],
  [
    "unless it accepts them",
    {
      class: "safe",
      example: {
        before: 'cookie: { name: "__Host-session", secrets: [env("SECRET")], acceptUnsigned: true }',
      },
      given: both,
      want: [1, 2],
    },
  ],
];
