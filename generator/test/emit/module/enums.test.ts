import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { project } from "../../support/project.js";

const compile = promisify(execFile);

const files = {
  "src/color.ts": 'export enum Color { Red = "red", Blue = "blue" }\n',
  "src/schema.ts": `import { z } from "zod";
import { Color } from "./color.js";

export enum Answer { Yes = "yes", No = 0 }
enum Hidden { A = "a", B = "b" }
/** A type of the schema has the name, too. */
export enum Paint { Dark = "dark", Pale = "pale" }

const paint = z.object({ color: z.enum(Color).default(Color.Blue), tone: z.enum(Paint) }).meta({ id: "Paint" });

export const schema = z.object({
  color: z.enum(Color).default(Color.Red),
  maybe: z.enum(Color).nullable().optional(),
  list: z.array(z.enum(Color)).default([Color.Red]),
  counts: z.partialRecord(z.enum(Color), z.number()).default({ [Color.Red]: 1 }),
  either: z.union([z.enum(Color), z.number(), z.object({ answer: z.enum(Answer) })]).optional(),
  paint: paint.default({ color: Color.Blue, tone: Paint.Dark }),
  variant: z
    .discriminatedUnion("color", [
      z.object({ color: z.enum(Color), a: z.string() }),
      z.object({ color: z.literal("none"), b: z.string() }),
    ])
    .optional(),
  hidden: z.enum(Hidden).optional(),
});
`,
  "session.config.ts": `import { defineConfig } from "sessgen";
import { schema } from "./src/schema.js";

export default defineConfig({
  schema,
  schemaModule: "./src/schema.ts",
  fields: {
    color: { index: true },
    maybe: { was: { values: { blue: "azure" } } },
  },
  backend: { kind: "memory" },
});
`,
  "src/use.ts": `import type { z } from "zod";
import { Color } from "./color.js";
import { sessions } from "./session/index.js";
import type { SessionData } from "./session/index.js";
import { Answer, Paint, type schema } from "./schema.js";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Output = z.output<typeof schema>;
const same: [
  Same<SessionData["color"], Output["color"]>,
  Same<NonNullable<SessionData["list"]>, Output["list"]>,
  Same<SessionData["paint"]["color"], Output["paint"]["color"]>,
  Same<SessionData["paint"]["tone"], Output["paint"]["tone"]>,
] = [true, true, true, true];

const session = await sessions.open(undefined);
const color: Color = session.color;
const list: Color[] = session.list;
if (typeof session.either === "object") {
  const answer: Answer = session.either.answer;
  console.log(answer);
}
session.maybe = Color.Blue;
session.either = Color.Red;
session.either = { answer: Answer.No };
session.paint = { ...session.paint, tone: Paint.Pale };
session.variant = { color: Color.Blue, a: "" };
const [cookie = ""] = await session.$commit();
const again = await sessions.open(cookie.split(";")[0]);
console.log(JSON.stringify([color, list, session.counts[Color.Red], again.paint, again.maybe, again.variant, same]));
`,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
    },
    include: ["src"],
  }),
};

it("an enum that the application exports is itself where the schema has a module", async () => {
  const user = project(files);
  const { code, out, err } = await user.run();
  expect([code, `${out}${err}`.match(/model\/enum-as-literals/g)?.length, err]).toEqual([
    0,
    1,
    expect.stringContaining("hidden is the TypeScript enum Hidden"),
  ]);
  expect(user.read("src/session/types.ts")).toContain('import type { Color } from "../color.js";');
  const [tsc, tsx] = ["typescript/bin/tsc", "tsx/dist/cli.mjs"].map((path) => `node_modules/${path}`);
  await compile("node", [String(tsc), "-p", user.root]);
  const { stdout } = await compile("node", [String(tsx), `${user.root}/src/use.ts`]);
  expect(JSON.parse(stdout)).toEqual([
    "red",
    ["red"],
    1,
    { color: "blue", tone: "pale" },
    "blue",
    { color: "blue", a: "" },
    [true, true, true, true],
  ]);
});
