import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "it reads as the default, and is gone once the field is assigned",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.theme = "sepia";
        });
        const reads = [
          await newer.visit((session) => session.theme),
          await older.visit((session) => session.theme),
        ];
        await newer.visit((session) => {
          session.theme = "dark";
        });
        return [...reads, await older.visit((session) => session.theme)];
      },
      want: ["light", "sepia", "dark"],
    },
  ],
  [
    "a list loses all of its members",
    {
      example: {
        before: 'schema: z.object({ roles: z.array(z.enum(["admin", "guest"])).default([]) })',
        after: 'schema: z.object({ roles: z.array(z.enum(["admin"])).default([]) })',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.roles = ["admin", "guest"];
        });
        return newer.visit((session) => session.roles);
      },
      want: [],
    },
  ],
  [
    "a literal, too",
    {
      example: {
        before: 'schema: z.object({ theme: z.literal(["light", "sepia"]).optional() })',
        after: 'schema: z.object({ theme: z.literal(["light"]).optional() })',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.theme = "sepia";
        });
        return newer.visit((session) => session.theme);
      },
      want: undefined,
    },
  ],
];
