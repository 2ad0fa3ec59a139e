import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const both = readByBoth("token", ["t1", "t2"]);

export const fixture: Fixture = [
  ["the older version does not read what is in the open", { given: both, want: ["t1", undefined] }],
  [
    "which it does with acceptPlain",
    {
      class: "safe",
      example: {
        before:
          'schema: z.object({ token: z.string().optional() }), fields: { token: { encrypt: true } }, encryption: { secrets: [env("SECRET")], acceptPlain: true }',
      },
      given: both,
      want: ["t1", "t2"],
    },
  ],
  [
    "without the secret what is stored is not read",
    {
      class: "breaking",
      example: { after: "schema: z.object({ token: z.string().optional() })" },
      given: both,
      want: [undefined, undefined],
    },
  ],
];
