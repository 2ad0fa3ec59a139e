/** @module-tag slow */
import { expect, it } from "vitest";
import { catalog } from "../../src/cli/catalog.js";
import { loadConfig } from "../../src/config/load.js";
import { project } from "../support/project.js";
import { buildModel } from "./config.js";

const colors = 'export enum Color { Red = "red", Blue = "blue" }\n';
const levels = "export enum Level { Low, High }\n";
const constant = 'export const Color = { Red: "red", Blue: "blue" } as const;\n';

it.each<[string, { given: { types: string; schema: string }; want: readonly string[] }]>([
  [
    "is warned of once",
    {
      given: { types: colors, schema: "a: z.array(z.enum(Color)), b: z.nativeEnum(Color)" },
      want: ["schema.a[]"],
    },
  ],
  [
    "of Zod 3 is warned of",
    { given: { types: colors, schema: "a: z3.nativeEnum(Color)" }, want: ["schema.a"] },
  ],
  [
    "of numbers is none to warn of",
    { given: { types: levels, schema: "a: z.enum(Level as never)" }, want: [] },
  ],
  ["that is a constant is none", { given: { types: constant, schema: "a: z.enum(Color)" }, want: [] }],
  ["that is a list is none", { given: { types: colors, schema: 'a: z.enum(["red", "blue"])' }, want: [] }],
])("a TypeScript enum %s", async (_name, { given: { types, schema }, want }) => {
  const zod = schema.includes("z3") ? "z3" : "z";
  const { root } = project({
    "types.ts": types,
    "session.config.ts": `import { defineConfig } from "sessgen";
import { z } from "zod";
import { z as z3 } from "zod-3";
${types.startsWith("export enum Level") ? 'import { Level } from "./types.js";' : 'import { Color } from "./types.js";'}
export default defineConfig({ schema: ${zod}.object({ ${schema} }), backend: { kind: "memory" } });
`,
  });
  const { config } = await loadConfig({ cwd: root }, catalog);
  const { warnings } = await buildModel(config);
  expect(warnings.map(({ where }) => where?.path)).toEqual(want);
  expect(new Set(warnings.map(({ code }) => code))).toEqual(
    new Set(want.map(() => "model/enum-as-literals")),
  );
});
