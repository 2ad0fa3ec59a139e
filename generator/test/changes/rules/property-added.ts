import type { Fixture } from "../fixture.js";
import type { Versions } from "../versions.js";

const added = async ({ older, newer }: Versions) => {
  await newer.visit((session) => {
    session.user = { id: "ada", nick: "a" };
  });
  const read = await older.visit((session) => session.user);
  await older.visit((session) => {
    session.user.id = "eve";
  });
  return [read, await newer.visit((session) => session.user)];
};

export const fixture: Fixture = [
  [
    "packed: the older version keeps it",
    {
      given: added,
      want: [{ id: "ada" }, { id: "eve", nick: "a" }],
    },
  ],
  [
    "json, too",
    {
      example: {
        before: 'serializer: "json", schema: z.object({ user: z.object({ id: z.string() }).optional() })',
        after:
          'serializer: "json", schema: z.object({ user: z.object({ id: z.string(), nick: z.string().optional() }).optional() })',
      },
      given: added,
      want: [{ id: "ada" }, { id: "eve", nick: "a" }],
    },
  ],
  [
    "a copy has it, too",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.user = { id: "ada", nick: "a" };
        });
        await older.visit((session) => {
          session.user = { ...session.user };
        });
        return newer.visit((session) => session.user);
      },
      want: { id: "ada", nick: "a" },
    },
  ],
  [
    "another object has not",
    {
      given: async ({ older, newer }) => {
        await newer.visit((session) => {
          session.user = { id: "ada", nick: "a" };
        });
        await older.visit((session) => {
          session.user = { id: "eve" };
        });
        return newer.visit((session) => session.user);
      },
      want: { id: "eve" },
    },
  ],
];
