import { expect, it } from "vitest";
import { compile, tsconfig } from "../support/compiled.js";
import { config, project } from "../support/project.js";

const before =
  "name: z.string(), people: z.array(z.object({ first: z.string(), role: z.enum(['a', 'b']) })).default([]), user: z.object({ id: z.string(), level: z.string(), at: z.object({ text: z.string() }).optional() }).optional()";
const after =
  "title: z.object({ text: z.string(), size: z.int() }), people: z.record(z.string(), z.enum(['b', 'a'])).default({}), user: z.object({ id: z.string(), level: z.int().min(1), at: z.date().optional() }).optional()";
const fields = `fields: {
    title: { was: "name", upcast: [{ from: z.string(), module: "./src/up.ts", export: "titleOf", down: "textOf" }] },
    "user.level": { upcast: [{ from: z.string(), module: "./src/up.ts", export: "levelOf", down: "levelText" }] },
    "user.at": {
      upcast: [{ from: z.object({ text: z.string() }), module: "./src/up.ts", export: "dateOf", down: "dateText" }],
    },
    people: {
      upcast: [
        {
          from: z.array(z.object({ first: z.string(), role: z.enum(["a", "b"]) })),
          module: "./src/up.ts",
          export: "default",
        },
      ],
    },
  },
  backend: { kind: "memory" }`;
const up = `import type { PeopleV1Item, SessionData } from "./session/types.js";

export const titleOf = (old: string): SessionData["title"] & object => ({ text: old, size: old.length });
export const textOf = ({ text }: { text: string }): string => text;
export const levelOf = (old: string): number => Number(old);
export const levelText = (level: number): string => String(level);
export const dateOf = ({ text }: { text: string }): Date => new Date(text);
export const dateText = (date: Date): { text: string } => ({ text: date.toISOString() });
export default function byName(old: readonly PeopleV1Item[]): Record<string, "a" | "b"> {
  return Object.fromEntries(old.map(({ first, role }) => [first, role]));
}
`;

it("the compiler looks at what functions of `upcast` take and give", async () => {
  const user = project({ "session.config.ts": config(before), "tsconfig.json": tsconfig });
  expect(await user.run()).toMatchObject({ code: 0 });
  user.write({ "session.config.ts": config(after, fields), "src/up.ts": up });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  expect(user.read("src/session/fields.ts")).toMatchSnapshot("fields.ts");
  expect(user.read("src/session/codec.ts")).toMatchSnapshot("codec.ts");
  expect(user.read("sessgen.lock.json")).toMatchSnapshot("sessgen.lock.json");
  expect(compile(user)).toEqual([]);
  user.write({
    "src/up.ts": up
      .replace("(old: string)", "(old: Date)")
      .replace("size: old.length", "size: 1")
      .replace("(level: number)", "(level: Date)")
      .replace('Record<string, "a" | "b">', "Record<string, string>"),
  });
  const wrong = compile(user).join("\n");
  expect(wrong).toMatch(/fields\.ts.*Type '\(old: Date\)/);
  expect(wrong).toMatch(/codec\.ts.*Type '\(level: Date/);
  expect(wrong).toMatch(/fields\.ts.*Type '\(old: readonly PeopleV1Item\[\]\)/);
});

it("a function that is not there is told of", async () => {
  const user = project({ "session.config.ts": config(before) });
  expect(await user.run()).toMatchObject({ code: 0 });
  user.write({ "session.config.ts": config(after, fields), "src/up.ts": up.replace("textOf", "other") });
  const { code, err } = await user.run();
  expect(code).not.toBe(0);
  expect(err).toContain("config/no-such-export");
});

it("the compiler looks at the paths of `was`", () => {
  const user = project({
    "tsconfig.json": tsconfig.replace(
      '"noEmit":true',
      '"noEmit":true,"declaration":false,"declarationMap":false,"isolatedDeclarations":false',
    ),
    "src/config.ts": `import { defineConfig } from "sessgen";
import { z } from "zod";

const schema = z.object({
  user: z.object({ fullName: z.string(), tags: z.set(z.object({ text: z.string() })) }).optional(),
  orders: z.array(z.object({ lines: z.array(z.object({ quantity: z.int() })) })),
  byName: z.map(z.string(), z.object({ size: z.int() })),
  contact: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("mail"), address: z.string() }),
    z.object({ kind: z.literal("phone"), number: z.string() }),
  ]),
});
const backend = { kind: "memory" } as const;
export const right = defineConfig({
  schema,
  backend,
  fields: {
    "user.fullName": { was: "name" },
    "user.tags[].text": { was: "label" },
    "orders[].lines[].quantity": { was: "count" },
    "byName[].size": { was: "width" },
    contact: { was: { values: { mail: "email" } } },
    "contact.address": { was: "to" },
  },
});
export const wrong = [
  // @ts-expect-error there is no such property
  defineConfig({ schema, backend, fields: { "user.name": { was: "x" } } }),
  // @ts-expect-error it leads through a list
  defineConfig({ schema, backend, fields: { "orders.lines": { was: "x" } } }),
];
`,
  });
  expect(compile(user)).toEqual([]);
});
