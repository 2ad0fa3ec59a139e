import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runBin } from "../support/bin.js";
import { newFolder, type Project, project } from "../support/project.js";

const files = {
  "session.config.ts":
    'import { schema } from "./schema.js";\nexport default { schema, backend: { kind: "sqlite", file: "a.db" }, frameworks: ["express"], templates: "mine", output: process.env["OUT"] || "src/session" };\n',
  "schema.ts":
    'import { z } from "zod";\nimport { max } from "./max.js";\nexport const schema = z.object({ a: z.string().max(max).optional() });\n',
  "max.ts": 'import { kind } from "./kinds";\nexport const max = kind;\n',
  "kinds/index.ts": "export const kind = 10;\n",
  "tsconfig.json": "{}\n",
  "mine/glue/express.ts.hbs": "// {{banner}}\n",
};

const marker = "nothing has changed";

/** A project as it was generated, and the folder it stood in: what a run remembers has absolute paths. */
let once: { readonly copy: string; readonly root: string } | undefined;
afterAll(() => once && rmSync(once.copy, { recursive: true }));

/** A project that was generated, with a cache of its own. A run that believes in the cache prints the marker. */
function generated(): Project {
  once ??= generateOnce();
  cpSync(once.copy, once.root, { recursive: true, preserveTimestamps: true });
  // As it was generated, and not as projects begin.
  const lock = "sessgen.lock.json";
  return project({ [lock]: readFileSync(join(once.copy, lock), "utf8") }, once.root);
}

function generateOnce(): { readonly copy: string; readonly root: string } {
  const user = project(files);
  mkdirSync(join(user.root, "node_modules"));
  expect(runBin(user.root)).toMatchObject({ code: 0, err: "" });
  const cache = "node_modules/.cache/sessgen";
  const [name = ""] = readdirSync(join(user.root, cache));
  const saved = JSON.parse(user.read(join(cache, name)));
  user.write({ [join(cache, name)]: JSON.stringify({ ...saved, message: marker }) });
  const copy = newFolder();
  cpSync(user.root, copy, { recursive: true, preserveTimestamps: true });
  return { copy, root: user.root };
}

/** Whether a run finds proof that there is nothing to do. */
function hits(user: Project, env: Record<string, string> = {}, argv: readonly string[] = []): boolean {
  return runBin(user.root, argv, env).out.includes(marker);
}

describe("a run after which nothing changed", () => {
  it("is proved to have nothing to do", () => {
    expect(hits(generated())).toBe(true);
  });

  it("is proved whatever the times of the files", () => {
    const user = generated();
    utimesSync(join(user.root, "schema.ts"), 1, 1);
    expect(hits(user)).toBe(true);
  });

  it.each<[string, { given: (user: Project) => Record<string, string> | undefined }]>([
    [
      "the config",
      { given: (user) => void user.write({ "session.config.ts": `${files["session.config.ts"]}// \n` }) },
    ],
    [
      "a file it imports",
      { given: (user) => void user.write({ "schema.ts": `${files["schema.ts"]}// \n` }) },
    ],
    [
      "a file that imports, with the same size and time",
      {
        given: (user) => {
          utimesSync(join(user.root, "max.ts"), 1, 1);
          user.write({ "max.ts": files["max.ts"].replace("max = kind", "max = 1234") });
          utimesSync(join(user.root, "max.ts"), 1, 1);
          return undefined;
        },
      },
    ],
    [
      "a file that would be imported instead",
      { given: (user) => void user.write({ "max.js": "export const max = 30;\n" }) },
    ],
    [
      "a file that would be imported instead of a folder's index",
      { given: (user) => void user.write({ "kinds.ts": "export const kind = 1;\n" }) },
    ],
    [
      "the package.json beside a file it imports",
      { given: (user) => void user.write({ "kinds/package.json": '{ "type": "module" }\n' }) },
    ],
    [
      "the packages that are installed",
      { given: (user) => void user.write({ "node_modules/.package-lock.json": "{}\n" }) },
    ],
    [
      "the tsconfig",
      { given: (user) => void user.write({ "tsconfig.json": '{ "compilerOptions": {} }\n' }) },
    ],
    [
      "package.json",
      { given: (user) => void user.write({ "package.json": '{ "name": "other", "type": "module" }\n' }) },
    ],
    [
      "another config beside it",
      { given: (user) => void user.write({ "session.config.mjs": files["session.config.ts"] }) },
    ],
    ["a variable it read", { given: () => ({ OUT: "src/other" }) }],
    [
      "a template",
      { given: (user) => void user.write({ "mine/glue/express.ts.hbs": "// changed {{banner}}\n" }) },
    ],
    ["a new template", { given: (user) => void user.write({ "mine/sql/sqlite/up.sql.hbs": "" }) }],
    ["the lock", { given: (user) => void user.write({ "sessgen.lock.json": "" }) }],
    ["an emitted file", { given: (user) => void user.write({ "src/session/codec.ts": "" }) }],
    [
      "an emitted file that is gone",
      { given: (user) => void rmSync(join(user.root, "src/session/codec.ts")) },
    ],
    ["the manifest", { given: (user) => void rmSync(join(user.root, "src/session/.sessgen.json")) }],
    [
      "a migration",
      { given: (user) => void user.write({ "session-infra/sqlite/0001_create_sessions/up.sql": "" }) },
    ],
    [
      "a new migration",
      { given: (user) => void user.write({ "session-infra/sqlite/0002_mine/up.sql": "" }) },
    ],
  ])("is not believed in after a change of %s", (_name, { given }) => {
    const user = generated();
    const env = given(user);
    expect(hits(user, env ?? {})).toBe(false);
  });

  it("is not used with --no-cache", () => {
    const user = generated();
    expect(hits(user, {}, ["--no-cache"])).toBe(false);
  });

  it.each<[string, { given: Record<string, string> }]>([
    [
      "reads a file itself",
      {
        given: {
          "max.ts":
            'import { readFileSync } from "node:fs";\nexport const max = readFileSync("package.json").length;\n',
        },
      },
    ],
    ["depends on the time", { given: { "max.ts": "export const max = 1 + (Date.now() % 2);\n" } }],
    [
      "has an alias whose first target may come into being",
      {
        given: {
          "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./gone/*", "./*"] } } }\n',
          "max.ts": 'export { kind as max } from "@/kinds/index.js";\n',
        },
      },
    ],
    [
      "changes a file while it runs",
      {
        given: {
          "max.ts":
            'const { utimesSync } = await import("no" + "de:f" + "s");\nutimesSync("schema.ts", 1, 1);\nexport const max = 9;\n',
        },
      },
    ],
  ])("is not remembered when the config %s", (_name, { given }) => {
    const user = project({ ...files, ...given });
    mkdirSync(join(user.root, "node_modules"));
    expect(runBin(user.root)).toMatchObject({ code: 0, err: "" });
    expect(existsSync(join(user.root, "node_modules/.cache/sessgen"))).toBe(false);
  });

  it("repeats its warnings", () => {
    const user = project({
      "session.config.ts":
        'import { z } from "zod";\nexport default { schema: z.object({ a: z.string().trim().optional() }), backend: { kind: "memory" } };\n',
    });
    mkdirSync(join(user.root, "node_modules"));
    const first = runBin(user.root);
    expect(first.err).toContain("[model/refinement-not-run]");
    expect(runBin(user.root).err).toBe(first.err);
  });
});
