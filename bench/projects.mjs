import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = join(here, "node_modules");

/**
 * The same record in the language of each tool: a fifth each of texts, integers, booleans, enums and lists of objects.
 * What differs is what they make of it: sessgen checks, serializers, migrations and glue; the others one file.
 */
const kinds = [
  {
    zod: "z.string().max(80).optional()",
    drizzle: (name) => `text("${name}")`,
    openapi: { type: "string", maxLength: 80 },
  },
  {
    zod: "z.int().default(0)",
    drizzle: (name) => `integer("${name}").default(0)`,
    openapi: { type: "integer", default: 0 },
  },
  {
    zod: "z.boolean().default(false)",
    drizzle: (name) => `integer("${name}", { mode: "boolean" }).default(false)`,
    openapi: { type: "boolean", default: false },
  },
  {
    zod: 'z.enum(["small", "medium", "large"]).optional()',
    drizzle: (name) => `text("${name}", { enum: ["small", "medium", "large"] })`,
    openapi: { type: "string", enum: ["small", "medium", "large"] },
  },
  {
    zod: "z.array(z.object({ sku: z.string().max(40), quantity: z.int().positive() })).default([])",
    drizzle: (name) => `text("${name}", { mode: "json" }).$type<{ sku: string; quantity: number }[]>()`,
    openapi: {
      type: "array",
      items: {
        type: "object",
        required: ["sku", "quantity"],
        properties: { sku: { type: "string", maxLength: 40 }, quantity: { type: "integer", minimum: 1 } },
      },
    },
  },
];

/**
 * A project for each tool with so many fields.
 *
 * @param {number} count
 * @returns three commands without their `before`, and how to undo what each wrote
 */
export function projects(count) {
  const fields = Array.from({ length: count }, (_, index) => ({
    name: `field${index}`,
    kind: kinds[index % kinds.length],
  }));
  const lines = (text) => fields.map(({ name, kind }) => `    ${name}: ${text(name, kind)},`).join("\n");
  const folder = join(here, ".cache", String(count));
  rmSync(folder, { recursive: true, force: true });

  const sessgen = project(
    join(folder, "sessgen"),
    {
      "session.config.ts": `import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
${lines((_, kind) => kind.zod)}
  }),
  backend: { kind: "sqlite", file: "sessions.db" },
  frameworks: ["express"],
});
`,
    },
    ["src", "session-infra", "sessgen.lock.json"],
  );
  const drizzle = project(
    join(folder, "drizzle-kit"),
    {
      "schema.ts": `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const sessions = sqliteTable("sessions", {
${lines((name, kind) => kind.drizzle(name))}
});
`,
      "drizzle.config.ts": `import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./schema.ts", out: "./drizzle" });
`,
    },
    ["drizzle"],
  );
  const openapi = project(
    join(folder, "openapi-typescript"),
    {
      "openapi.json": JSON.stringify({
        openapi: "3.1.0",
        info: { title: "Sessions", version: "1" },
        paths: {},
        components: {
          schemas: {
            Session: {
              type: "object",
              properties: Object.fromEntries(fields.map(({ name, kind }) => [name, kind.openapi])),
            },
          },
        },
      }),
    },
    ["openapi.ts"],
  );
  return {
    sessgen: command("sessgen", sessgen, [join(here, "../generator/bin/sessgen.js")]),
    drizzle: command("drizzle-kit", drizzle, [join(packages, "drizzle-kit/bin.cjs"), "generate"]),
    openapi: command("openapi-typescript", openapi, [
      join(packages, "openapi-typescript/bin/cli.js"),
      "openapi.json",
      "--output",
      "openapi.ts",
    ]),
  };
}

function project(root, files, outputs) {
  mkdirSync(root, { recursive: true });
  const write = { "package.json": '{ "private": true, "type": "module" }\n', ...files };
  for (const [path, content] of Object.entries(write)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return {
    root,
    /** Takes away what was emitted: the next run has everything to do. */
    clean: () => {
      for (const path of outputs) rmSync(join(root, path), { recursive: true, force: true });
    },
    /** Whether everything was emitted. */
    complete: () => outputs.every((path) => existsSync(join(root, path))),
  };
}

function command(name, { root, clean, complete }, argv) {
  return { name, argv, cwd: root, clean, complete };
}
