import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

/** A browser that has the cookie in both places sends both. */
const twice = async ({ older, newer, cookies }: Versions) => {
  await older.visit((session) => {
    session.visits = 1;
  });
  const [first = ""] = cookies.values();
  cookies.clear();
  await newer.visit((session) => {
    session.visits = 2;
  });
  const [second = ""] = cookies.values();
  const session = await newer.sessions.open(`session=${first}; session=${second}`);
  return session.visits;
};

export const fixture: Fixture = [
  ["of two cookies, none counts", { given: twice, want: 0 }],
  [
    "unless a signature tells them apart",
    {
      class: "safe",
      example: {
        before: 'cookie: { name: "session", path: "/app", secrets: [env("SECRET")] }',
        after: 'cookie: { name: "session", path: "/", secrets: [env("SECRET")] }',
      },
      given: async ({ older, newer, cookies }) => {
        await older.visit((session) => {
          session.visits = 1;
        });
        const [signed = ""] = cookies.values();
        const planted = "x".repeat(43);
        return (await newer.sessions.open(`session=${planted}; session=${signed}`)).visits;
      },
      want: 1,
    },
  ],
];
