import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const both = readByBoth("token", ["t1", "t2"]);

export const fixture: Fixture = [
  ["the older version cannot read what the newer one writes", { given: both, want: ["t1", undefined] }],
  [
    "without acceptPlain what is stored is not read either",
    {
      class: "breaking",
      example: {
        after:
          'schema: z.object({ token: z.string().optional() }), fields: { token: { encrypt: true } }, encryption: { secrets: [env("SECRET")] }',
      },
      given: both,
      want: [undefined, undefined],
    },
  ],
  [
    "nothing is lost where the older version has the secret",
    {
      class: "safe",
      example: {
        before:
          'schema: z.object({ token: z.string().optional() }), encryption: { secrets: [env("SECRET")], acceptPlain: true }',
      },
      given: both,
      want: ["t1", "t2"],
    },
  ],
];
