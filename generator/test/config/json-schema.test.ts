/** @module-tag slow */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { catalog } from "../../src/cli/catalog.js";
import { configJsonSchema } from "../../src/config/json-schema.js";
import { project } from "../support/project.js";

const schema = configJsonSchema(catalog);
const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictTuples: false,
  allErrors: true,
}).compile(schema);
const page = readFileSync(new URL("../../../docs/projects.md", import.meta.url), "utf8");
const documented = [...page.matchAll(/^```json session\.config\.json\n([\s\S]*?)^```$/gm)].map(
  ([, text = ""]) => text,
);

const memory = { schemaModule: "./schema.ts", backend: { kind: "memory" } };
const redis = { kind: "redis", url: { $env: "REDIS_URL" } };

describe("the JSON Schema of configs", () => {
  it("is what the package has", () => {
    const built = readFileSync(
      fileURLToPath(new URL("../../dist/sessgen.schema.json", import.meta.url)),
      "utf8",
    );
    expect(JSON.parse(built)).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it("takes the configs of the docs, and so does sessgen", async () => {
    expect(documented.length).toBeGreaterThan(0);
    for (const text of documented) {
      expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
      const user = project({
        "session.config.json": text,
        "session.schema.ts":
          'import { z } from "zod";\nexport const schema = z.object({ visits: z.int().default(0) });\n',
      });
      expect(await user.run()).toMatchObject({ code: 0, err: "" });
    }
  });

  // What it says is what sessgen itself says.
  it.each<[string, { given: object; want: boolean }]>([
    ["the least there can be", { given: memory, want: true }],
    ["every entry that init writes", { given: { ...memory, backend: redis }, want: true }],
    [
      "a backend per NODE_ENV",
      { given: { ...memory, backend: { development: memory.backend, production: redis } }, want: true },
    ],
    [
      "a cookie per NODE_ENV",
      { given: { ...memory, cookie: { production: { sameSite: "strict" } } }, want: true },
    ],
    [
      "frameworks, with options and without",
      {
        given: { ...memory, frameworks: ["koa", { name: "express", compat: "express-session" }] },
        want: true,
      },
    ],
    ["policies", { given: { ...memory, fields: { visits: { merge: "counter" } } }, want: true }],
    ["no backend", { given: { schemaModule: "./schema.ts" }, want: false }],
    ["an unknown option", { given: { ...memory, lifetimes: {} }, want: false }],
    ["an unknown backend", { given: { ...memory, backend: { kind: "floppy" } }, want: false }],
    [
      "another backend's option",
      { given: { ...memory, backend: { ...redis, table: "sessions" } }, want: false },
    ],
    ["a duration", { given: { ...memory, lifetime: { idle: "1.5h" } }, want: true }],
    ["what is no duration", { given: { ...memory, lifetime: { idle: "30 minutos" } }, want: false }],
    ["an unknown framework", { given: { ...memory, frameworks: ["expres"] }, want: false }],
    ["a cookie that there is not", { given: { ...memory, cookie: { sameSite: "no" } }, want: false }],
    ["an unknown policy", { given: { ...memory, fields: { visits: { merge: "sum" } } }, want: false }],
  ])("%s", async (_name, { given, want }) => {
    expect(validate(given), JSON.stringify(validate.errors)).toBe(want);
    const user = project({
      "session.config.json": JSON.stringify(given),
      "schema.ts":
        'import { z } from "zod";\nexport const schema = z.object({ visits: z.int().default(0) });\n',
      "package.json": '{ "type": "module", "dependencies": { "express-session": "*" } }',
    });
    expect((await user.run("--dry-run")).code === 0).toBe(want);
  });
});
