import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Project, project } from "../generator/test/support/project.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/fields.md`, "utf8");
const snippets = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text.trim());
const options = snippets.filter((snippet) => /^(?:fields|schema):/.test(snippet));
const modules = snippets.filter((snippet) => /^(?:import|export) /.test(snippet));
const uses = snippets.filter((snippet) => !options.includes(snippet) && !modules.includes(snippet));

/** Every field of the page. */
const schema = `schema: z.object({
  user: z.object({ id: z.string(), name: z.string() }).optional(),
  account: z.object({ id: z.string(), fullName: z.string() }).optional(),
  orders: z.array(z.object({ quantity: z.int() })).default([]),
  roles: z.array(z.enum(["administrator", "member"])).default([]),
  contact: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("mail"), address: z.string() }),
    z.object({ kind: z.literal("phone"), number: z.string() }),
  ]).optional(),
  code: z.string().optional(),
  tries: z.int().default(0),
  visits: z.int().default(0),
  best: z.number().default(0),
  cart: z.array(z.object({ sku: z.string(), price: z.number().optional() })).default([]),
  log: z.array(z.string()).default([]),
  prefs: z.object({ size: z.int() }).optional(),
  notice: z.string().optional(),
  messages: z.array(z.object({ category: z.enum(["info", "error"]), text: z.string() })).default([]),
  balance: z.number().default(0),
  theme: z.string().optional(),
  browser: z.string().optional(),
  token: z.string().optional(),
  age: z.number().optional(),
}),`;
const config = (text: string): string =>
  `import { defineConfig } from "sessgen";
import { z } from "zod";
export default defineConfig({
${text.startsWith("schema:") ? "" : schema}
${text}
backend: { kind: "memory" },
});
`;

const files = { "src/merge-prefs.ts": modules[0] ?? "", "src/upcast.ts": modules[1] ?? "" };

/** A project in which a field and a property were of another type when it was generated first. */
async function evolved(text: string, more: Readonly<Record<string, string>> = {}): Promise<Project> {
  const user = project({
    ...files,
    "session.config.ts": config("").replace(/(age|price): z.number\(\)/g, "$1: z.string()"),
  });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  user.write({ ...more, "session.config.ts": config(text) });
  return user;
}

describe("docs/fields.md", () => {
  it("shows policies, a module and uses", () => {
    expect([options.length, modules.length, uses.length]).toEqual([8, 2, 4]);
  });

  it.each(options)("shows options that can be generated: %s", async (text) => {
    const user = await evolved(text);
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
  });

  it("shows code that compiles", async () => {
    const policies = options.map((text) => /^fields: \{([\s\S]*)\},$/m.exec(text)?.[1] ?? "").join(",");
    const user = await evolved(`fields: {${policies.replaceAll(/,\s*,/g, ",")}},`, {
      "src/use.ts": [
        'import type { Session } from "./session/index.js";',
        "export async function use(session: Session, price: number, fullName: string): Promise<unknown> {",
        ...uses,
        "  return errors;",
        "}",
      ].join("\n"),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: "nodenext",
          target: "es2022",
          types: ["node"],
          skipLibCheck: true,
        },
        include: ["src"],
      }),
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", user.root]).catch(
      (error: unknown) => ({ stdout: (error as { stdout: string }).stdout }),
    );
    expect(stdout).toBe("");
  });
});
