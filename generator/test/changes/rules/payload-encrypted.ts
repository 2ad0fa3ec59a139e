import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";
import { visitedBefore } from "../visited-before.js";

const both = readByBoth("visits", [1, 2]);

export const fixture: Fixture = [
  ["the older version cannot read what the newer one writes", { given: both, want: [1, 0] }],
  [
    "without acceptPlain nothing that is stored is read",
    {
      class: "breaking",
      example: {
        after:
          'schema: z.object({ visits: z.int().default(0) }), encryption: { secrets: [env("SECRET")], payload: true }',
      },
      given: visitedBefore,
      want: 0,
    },
  ],
  [
    "nothing is lost where the older version has the secret",
    {
      class: "safe",
      example: {
        before:
          'schema: z.object({ visits: z.int().default(0) }), encryption: { secrets: [env("SECRET")], acceptPlain: true }',
      },
      given: both,
      want: [1, 2],
    },
  ],
];
