import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const field = "schema: z.object({ token: z.string().optional() }), fields: { token: { encrypt: true } }";

const both = async ({ older, newer }: Versions) => {
  await older.visit((session) => {
    session.token = "t1";
  });
  const read = await newer.visit((session) => session.token);
  await newer.visit((session) => {
    session.token = "t2";
  });
  return [read, await older.visit((session) => session.token)];
};

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
