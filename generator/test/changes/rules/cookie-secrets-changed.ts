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
