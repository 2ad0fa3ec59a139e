import type { Fixture } from "../fixture.js";
import { readByBoth } from "../read-by-both.js";

/** What the steps are of. */
const modules = {
  "steps.ts": `export const toNumber = (old: string): number => Number(old);
export const toText = (value: number): string => String(value);
`,
};

const stepped = (down: string) => ({
  before: "schema: z.object({ size: z.string().optional() })",
  after: `schema: z.object({ size: z.int().optional() }), fields: { size: { upcast: [{ from: z.string(), module: "./steps.ts", export: "toNumber"${down} }] } }`,
});

const both = readByBoth("size", ["7", 8]);

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
    "renamed at once, too",
    {
      example: {
        before: "schema: z.object({ plan: z.string().optional() })",
        after: 'schema: z.object({ level: z.int().optional() }), fields: { level: { was: "plan" } }',
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.plan = "free";
        });
        return newer.visit((session) => session.level);
      },
      want: undefined,
    },
  ],
  [
    "a step with a way back takes the value along, both ways",
    { class: "safe", example: stepped(', down: "toText"'), modules, given: both, want: [7, "8"] },
  ],
  [
    "a step without leaves the older version what it had",
    { class: "once-deployed", example: stepped(""), modules, given: both, want: [7, "7"] },
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
  [
    "a step of a property takes it along, both ways",
    {
      class: "safe",
      modules,
      example: {
        before: "schema: z.object({ user: z.object({ id: z.string(), size: z.string() }).optional() })",
        after: `schema: z.object({ user: z.object({ id: z.string(), size: z.int() }).optional() }), fields: { "user.size": { upcast: [{ from: z.string(), module: "./steps.ts", export: "toNumber", down: "toText" }] } }`,
      },
      given: async ({ older, newer }) => {
        await older.visit((session) => {
          session.user = { id: "ada", size: "7" };
        });
        const read = await newer.visit((session) => session.user);
        await newer.visit((session) => {
          session.user.size = 8;
        });
        await older.visit((session) => {
          session.user.size += "0";
        });
        return [read, await newer.visit((session) => session.user.size)];
      },
      want: [{ id: "ada", size: 7 }, 80],
    },
  ],
];
