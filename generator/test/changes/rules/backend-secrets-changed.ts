import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const both = async ({ older, newer, cookies }: Versions) => {
  await older.visit((session) => {
    session.visits = 1;
  });
  const read = await newer.visit((session) => session.visits);
  cookies.clear();
  await newer.visit((session) => {
    session.visits = 2;
  });
  return [read, await older.visit((session) => session.visits)];
};

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
