import type { Fixture } from "../fixture.js";

export const fixture: Fixture = [
  [
    "packed: each reads its own",
    {
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.plan = "free";
        });
        const read = await newer.visit((session) => session.plan);
        await newer.visit((session) => {
          session.plan = 2;
        });
        return [
          read,
          await newer.visit((session) => session.plan),
          await older.visit((session) => session.plan),
        ];
      },
      want: [undefined, 2, "free"],
    },
  ],
  [
    "json: once it is assigned, the old value is gone",
    {
      example: {
        before: 'serializer: "json", schema: z.object({ plan: z.string().optional() })',
        after: 'serializer: "json", schema: z.object({ plan: z.int().optional() })',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.plan = "free";
        });
        const read = await newer.visit((session) => session.plan);
        await newer.visit((session) => {
          session.plan = 2;
        });
        return [read, await older.visit((session) => session.plan)];
      },
      want: [undefined, undefined],
    },
  ],
  [
    "a property that must be there takes the whole field with it",
    {
      example: {
        before: "schema: z.object({ user: z.object({ id: z.string(), plan: z.string() }).optional() })",
        after: "schema: z.object({ user: z.object({ id: z.string(), plan: z.int() }).optional() })",
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", plan: "free" };
        });
        return newer.visit((session) => session.user);
      },
      want: undefined,
    },
  ],
];
