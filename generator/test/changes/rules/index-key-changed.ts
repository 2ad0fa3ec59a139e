import type { Fixture } from "../fixture.js";

const field = 'schema: z.object({ user: z.string().optional() }), fields: { user: { index: "hashed" } }';

export const fixture: Fixture = [
  [
    "the newer version finds what the older one wrote, and not the other way about",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = "ada";
        });
        const found = await newer.sessions.count("user", "ada");
        await newer.visit((session) => {
          session.user = "eve";
        });
        return [found, await older.sessions.destroyBy("user", "eve")];
      },
      want: [1, 0],
    },
  ],
  [
    "of a secret that is gone, nobody is found",
    {
      class: "breaking",
      example: {
        before: `${field}, cookie: { name: "__Host-session", secrets: [env("SECRET"), env("NEW_SECRET")] }`,
        after: `${field}, cookie: { name: "__Host-session", secrets: [env("NEW_SECRET")] }`,
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = "ada";
        });
        return newer.sessions.destroyBy("user", "ada");
      },
      want: 0,
    },
  ],
];
