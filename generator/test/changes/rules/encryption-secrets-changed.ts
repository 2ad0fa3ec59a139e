import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

const field = "schema: z.object({ token: z.string().optional() }), fields: { token: { encrypt: true } }";

const both = readByBoth("token", ["t1", "t2"]);

export const fixture: Fixture = [
  ["in front at once: the older version cannot read it", { given: both, want: ["t1", undefined] }],
  [
    "behind first: nothing is lost",
    {
      class: "safe",
      example: { after: `${field}, encryption: { secrets: [env("SECRET"), env("NEW_SECRET")] }` },
      given: both,
      want: ["t1", "t2"],
    },
  ],
  [
    "gone: what it has encrypted is not read",
    {
      class: "breaking",
      example: {
        before: `${field}, encryption: { secrets: [env("SECRET"), env("NEW_SECRET")] }`,
        after: `${field}, encryption: { secrets: [env("NEW_SECRET")] }`,
      },
      given: both,
      want: [undefined, "t2"],
    },
  ],
];
