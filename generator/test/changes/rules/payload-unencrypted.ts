import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";
import { visitedBefore } from "../visited-before.js";

const both = readByBoth("visits", [1, 2]);

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
