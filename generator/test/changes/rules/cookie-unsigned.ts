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
