/** @module-tag slow */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { catalog } from "../../src/cli/catalog.js";
import { importModule } from "../../src/config/import.js";
import { type LoadedConfig, loadConfig as load } from "../../src/config/load.js";
import { type Envelope, SessgenError, SessgenErrors } from "../../src/errors.js";
import { config, project } from "../support/project.js";

afterEach(() => void vi.unstubAllEnvs());

const loadConfig = (options: Parameters<typeof load>[0]) => load(options, catalog);

const schema = "visits: z.int().default(0)";
const good = config(schema);
const plainJs = `const { z } = require("zod");\nmodule.exports = { schema: z.object({ visits: z.number() }), backend: { kind: "memory" } };\n`;

/** How many functions of the loader a failing call has passed through. */
function hooksAround(call: () => unknown): number {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  try {
    call();
  } catch (error) {
    return String(Reflect.get(error as Error, "stack")).split("node_modules/tsx/").length - 1;
  } finally {
    Error.stackTraceLimit = limit;
  }
  throw new Error("the call did not fail");
}

/** The problems that loading reports, with the line of each. */
async function problemsOf(loading: Promise<LoadedConfig>): Promise<Envelope[]> {
  const error: unknown = await loading.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof SessgenErrors) return error.errors.map(({ envelope }) => envelope);
  if (error instanceof SessgenError) return [error.envelope];
  throw error ?? new Error("the config was accepted");
}

describe("a config is found and loaded", () => {
  it.each<[string, { given: Record<string, string> }]>([
    ["session.config.ts in an ES module project", { given: { "session.config.ts": good } }],
    [
      "session.config.ts in a CommonJS project",
      { given: { "package.json": '{ "name": "user" }', "session.config.ts": good } },
    ],
    ["session.config.mts", { given: { "session.config.mts": good } }],
    ["session.config.js", { given: { "session.config.js": good } }],
    [
      "session.config.js in a CommonJS project",
      { given: { "package.json": '{ "name": "user" }', "session.config.js": plainJs } },
    ],
    ["session.config.mjs", { given: { "session.config.mjs": good } }],
    ["session.config.cjs", { given: { "session.config.cjs": plainJs } }],
    [
      "session.config.json, with the schema in a module",
      {
        given: {
          "session.config.json": '{ "schemaModule": "./schema.ts", "backend": { "kind": "memory" } }',
          "schema.ts": `import { z } from "zod";\nexport const schema = z.object({ ${schema} });\n`,
        },
      },
    ],
    [
      'the key "sessgen" of package.json',
      {
        given: {
          "package.json":
            '{ "name": "user", "type": "module", "sessgen": { "schemaModule": "schema.ts", "backend": { "kind": "memory" } } }',
          "schema.ts": `import { z } from "zod";\nexport default z.object({ ${schema} });\n`,
        },
      },
    ],
    [
      "a config that uses path aliases of the tsconfig and imports without extension",
      {
        given: {
          "tsconfig.json":
            '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] }, "module": "esnext", "moduleResolution": "bundler" } }',
          "lib/schema.ts": `import { z } from "zod";\nimport { count } from "./count";\nexport const fields = z.object({ visits: count });\nvoid z;\n`,
          "lib/count.ts": `import { z } from "zod";\nexport enum Kind { A }\nexport const count = z.int().default(Kind.A);\n`,
          "session.config.ts": `import { fields } from "@/schema";\nexport default { schema: fields, backend: { kind: "memory" } };\n`,
        },
      },
    ],
    [
      "the same in a CommonJS package, whatever folder the shell is in",
      {
        given: {
          "package.json": '{ "name": "user", "type": "commonjs" }',
          "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] }, "module": "nodenext" } }',
          "lib/schema.ts": `import { z } from "zod";\nimport { count } from "@/count";\nexport const fields = z.object({ visits: count });\n`,
          "lib/count.ts": `import { z } from "zod";\nexport const count = z.int().default(0);\n`,
          "session.config.ts": `import { fields } from "@/schema";\nexport default { schema: fields, backend: { kind: "memory" } };\n`,
        },
      },
    ],
    [
      "session.config.cts, in CommonJS's own words",
      {
        given: {
          "session.config.cts": `import zod = require("zod");\nexport = { schema: zod.z.object({ visits: zod.z.int() }), backend: { kind: "memory" } };\n`,
        },
      },
    ],
    [
      "session.config.cts, with import and export, in a CommonJS package",
      {
        given: {
          "package.json": '{ "name": "user", "type": "commonjs" }',
          "session.config.cts": `import { z } from "zod";\nexport default { schema: z.object({ visits: z.int() }), backend: { kind: "memory" } };\n`,
        },
      },
    ],
    [
      "Zod 3",
      {
        given: {
          "session.config.ts":
            'import { z } from "zod-3";\nexport default { schema: z.object({ a: z.string() }), backend: { kind: "memory" } };\n',
        },
      },
    ],
  ])("%s", async (_name, { given }) => {
    const { root } = project(given);
    const before = readdirSync(root).sort();
    const env = process.env;
    const loaded = await loadConfig({ cwd: root });
    expect(Object.keys(loaded.config.backends)).toEqual(["default"]);
    expect(loaded.config.schema).toBeDefined();
    // Nothing is left behind, and the environment is what it was.
    expect(readdirSync(root).sort()).toEqual(before);
    expect(process.env).toBe(env);
  });

  it("from a folder below, or wherever --config says", async () => {
    const { root, write } = project({ "session.config.ts": good, "elsewhere/mine.ts": good });
    write({ "src/deep/file.txt": "" });
    expect((await loadConfig({ cwd: join(root, "src/deep") })).config.root).toBe(root);
    expect((await loadConfig({ cwd: root, config: "elsewhere/mine.ts" })).config.root).toBe(
      join(root, "elsewhere"),
    );
  });

  it("and says which files and variables it depends on", async () => {
    const { root } = project({
      "session.config.ts": `import { schema } from "./schema.js";\nexport default { schema, backend: { kind: "memory" }, output: process.env["SESSION_OUT"] ?? "out" };\n`,
      "schema.ts": `import { z } from "zod";\nexport const schema = z.object({ ${schema} });\n`,
    });
    const { inputs, env, config: loaded } = await loadConfig({ cwd: root });
    expect(inputs).toEqual(
      expect.arrayContaining([join(root, "session.config.ts"), join(root, "schema.ts")]),
    );
    expect(env).toContain("SESSION_OUT");
    expect(loaded.output).toBe("out");
    expect(existsSync(join(root, "out"))).toBe(false);
  });

  it("and warns of what only this machine's environment says", async () => {
    vi.stubEnv("LOCAL_REDIS", "redis://localhost:6379");
    const backend = '{ kind: "redis", url: process.env["LOCAL_REDIS"] }';
    const { root } = project({ "session.config.ts": config(schema, `backend: ${backend}`) });
    expect((await loadConfig({ cwd: root })).warnings).toMatchObject([
      { code: "config/baked-env", where: { path: "backend.url", line: 6 } },
    ]);
  });

  it.each<[string, { given: object; want: object | undefined }]>([
    ["includes it", { given: { include: ["lib"] }, want: undefined }],
    ["compiles everything", { given: {}, want: undefined }],
    [
      "includes other folders",
      {
        given: { compilerOptions: {}, include: ["src"] },
        want: {
          summary: "lib/session is none of the folders that the tsconfig includes",
          where: { path: "include", line: 3 },
        },
      },
    ],
    [
      "has another rootDir",
      {
        given: { compilerOptions: { rootDir: "src" } },
        want: {
          summary: "lib/session is outside of the rootDir of the tsconfig",
          where: { path: "compilerOptions.rootDir", line: 3 },
        },
      },
    ],
    ["emits nothing", { given: { include: ["src"], compilerOptions: { noEmit: true } }, want: undefined }],
  ])("and looks at where the output is, when the tsconfig %s", async (_name, { given, want }) => {
    const { root } = project({
      "session.config.ts": config(schema, 'backend: { kind: "memory" }, output: "lib/session"'),
      "tsconfig.json": JSON.stringify(given, null, 2),
    });
    const { warnings } = await loadConfig({ cwd: root });
    expect(warnings).toMatchObject(want === undefined ? [] : [{ code: "config/output-outside", ...want }]);
  });

  it("refuses a client that is exported by a name alone", async () => {
    const { root } = project({
      "session.config.ts": config(schema, 'backend: { kind: "redis", client: "./redis.ts" }'),
      "redis.ts": "export const redis = 1;\n",
    });
    expect(await problemsOf(loadConfig({ cwd: root }))).toMatchObject([
      {
        code: "config/no-such-export",
        summary: "./redis.ts has no default export, but only redis",
        fix: "Write `export default` in front of it, or `export { it as default }`.",
        where: { path: "backend.client", line: 6 },
      },
    ]);
  });

  it("with the defaults a reviewer would choose, frozen", async () => {
    const { root } = project({ "session.config.ts": good });
    const { config: loaded } = await loadConfig({ cwd: root });
    expect(loaded).toMatchObject({
      serializer: "packed",
      onStoreError: "error",
      lifetime: {
        idle: 1_800_000,
        absolute: 43_200_000,
        permanent: { idle: 2_678_400_000, absolute: 7_776_000_000 },
      },
      cookie: {
        name: "__Host-session",
        path: "/",
        secure: "except-local",
        httpOnly: true,
        sameSite: "lax",
        partitioned: false,
      },
    });
    expect(
      Object.isFrozen(loaded) && Object.isFrozen(loaded.cookie) && Object.isFrozen(loaded.lifetime.permanent),
    ).toBe(true);
  });
});

describe("a config that cannot be loaded", () => {
  it.each<[string, { given: Record<string, string>; want: Partial<Envelope> }]>([
    ["is not there", { given: {}, want: { code: "config/not-found" } }],
    [
      "is there twice",
      {
        given: { "session.config.ts": good, "session.config.mjs": good },
        want: {
          code: "config/ambiguous",
          summary: expect.stringContaining("session.config.mjs"),
          where: { file: expect.stringContaining("session.config.mjs"), line: 1, column: 1 },
        },
      },
    ],
    [
      "is in package.json, too",
      {
        given: { "session.config.ts": good, "package.json": '{\n  "sessgen": {}\n}\n' },
        want: {
          code: "config/ambiguous",
          where: { file: expect.stringContaining("package.json"), line: 2, column: 3, path: "sessgen" },
        },
      },
    ],
    [
      "is empty",
      {
        given: { "session.config.ts": "" },
        want: {
          code: "config/empty",
          where: { file: expect.stringContaining("session.config.ts"), line: 1, column: 1 },
        },
      },
    ],

    [
      "throws",
      {
        given: { "session.config.ts": 'throw new Error("not today");\n' },
        want: { code: "config/threw", summary: "not today" },
      },
    ],
    [
      "exports nothing",
      {
        given: { "session.config.ts": "const schema = 1;\nvoid schema;\n" },
        want: { code: "config/no-export" },
      },
    ],
    [
      "exports by a name alone",
      {
        given: { "session.config.ts": "\nexport const config = {};\n" },
        want: {
          code: "config/no-export",
          summary: "The config has no default export, but only config",
          where: expect.objectContaining({ line: 2, column: 14 }),
        },
      },
    ],
    [
      "has a syntax error",
      {
        given: { "session.config.ts": "export default {\n  schema: ,\n};\n" },
        want: { code: "config/syntax", where: expect.objectContaining({ line: 2 }) },
      },
    ],
    [
      "is no TypeScript at all",
      {
        given: { "session.config.ts": "Dear reader,\n" },
        want: { code: "config/syntax", where: expect.objectContaining({ line: 1 }) },
      },
    ],
    [
      "is broken JSON",
      {
        given: { "session.config.json": '{\n  "backend": }\n' },
        want: { code: "config/syntax", where: expect.objectContaining({ line: 2 }) },
      },
    ],
    [
      "imports what is not there",
      {
        given: { "session.config.ts": '\nimport "./nowhere.js";\nexport default {};\n' },
        want: {
          code: "config/threw",
          summary: expect.stringContaining("nowhere"),
          where: expect.objectContaining({ line: 2, column: 8 }),
        },
      },
    ],
    [
      "imports from a package that is not there",
      {
        given: { "session.config.ts": '\nimport { a } from "nowhere/a";\nexport default { a };\n' },
        want: { code: "config/threw", where: expect.objectContaining({ line: 2, column: 19 }) },
      },
    ],
    [
      "imports a name that is not there",
      {
        given: {
          "session.config.ts": 'import { b } from "./b.js";\nexport default { b };\n',
          "b.ts": '\nimport { c } from "./c.js";\nexport const b = c;\n',
          "c.ts": "export const a = 1;\n",
        },
        want: {
          code: "config/threw",
          where: expect.objectContaining({ file: expect.stringMatching(/\bb\.ts$/), line: 2 }),
        },
      },
    ],
    [
      "requires what is not there",
      {
        given: { "session.config.cjs": '\nrequire("./nowhere.cjs");\nmodule.exports = {};\n' },
        want: { code: "config/threw", where: expect.objectContaining({ line: 2 }) },
      },
    ],
    [
      "names no schema",
      {
        given: { "session.config.ts": '\nexport default { backend: { kind: "memory" } };\n' },
        want: { code: "config/no-schema", where: expect.objectContaining({ line: 2 }) },
      },
    ],
    [
      "extends a tsconfig that is not there",
      {
        given: { "session.config.ts": good, "tsconfig.json": '{ "extends": "./nowhere.json" }' },
        want: {
          code: "config/tsconfig",
          where: expect.objectContaining({
            file: expect.stringMatching(/tsconfig\.json$/),
            line: 1,
            column: 3,
          }),
        },
      },
    ],
    [
      "has a tsconfig that is not JSON",
      {
        given: {
          "session.config.ts": good,
          "tsconfig.json":
            '{\n  // Strict.\n  "compilerOptions": {\n    "strict": true\n    "noEmit": true,\n  },\n}\n',
        },
        want: {
          code: "config/tsconfig",
          summary: "tsconfig.json is not JSON: CommaExpected",
          where: expect.objectContaining({
            file: expect.stringMatching(/tsconfig\.json$/),
            line: 5,
            column: 5,
          }),
        },
      },
    ],
    [
      "extends a tsconfig that is not JSON",
      {
        given: {
          "session.config.ts": good,
          "tsconfig.json": '{ "extends": "./base.json" }',
          "base.json": "{\n  compilerOptions: {}\n}\n",
        },
        want: {
          code: "config/tsconfig",
          where: expect.objectContaining({ file: expect.stringMatching(/base\.json$/), line: 2, column: 3 }),
        },
      },
    ],
    ...(
      [
        ["is not there", {}, "There is no file schema.ts"],
        ["is a folder", { "schema.ts/a.ts": "" }, "schema.ts is a folder"],
        [
          "exports it by another name",
          { "schema.ts": "export const a = 1;\n" },
          "schema.ts exports no schema, but only a",
        ],
      ] as const
    ).map(([name, files, summary]): [string, { given: Record<string, string>; want: Partial<Envelope> }] => [
      `names a module of the schema that ${name}`,
      {
        given: {
          "session.config.json": '{\n"schemaModule": "./schema.ts",\n"backend": { "kind": "memory" } }',
          ...files,
        },
        want: {
          code: "config/no-such-export",
          summary,
          where: expect.objectContaining({ path: "schemaModule", line: 2 }),
        },
      },
    ]),
  ])("%s", async (_name, { given, want }) => {
    const { root } = project(given);
    const [problem] = await problemsOf(loadConfig({ cwd: root }));
    expect(problem).toMatchObject(want);
    expect(problem?.fix).not.toBe("");
  });
});

describe("a wrong option is reported with its path and line", () => {
  const withOptions = (...lines: string[]): string =>
    [
      'import { z } from "zod";',
      "export default {",
      "  schema: z.object({ a: z.string() }),",
      ...lines,
      "};",
      "",
    ].join("\n");
  const memory = '  backend: { kind: "memory" },';

  it.each<[string, { given: string; want: { code: string; path: string; line: number; fix?: unknown } }]>([
    [
      "misspelt",
      {
        given: withOptions(memory, "  cooky: {},"),
        want: { code: "config/unknown-option", path: "cooky", line: 5, fix: "Did you mean cookie?" },
      },
    ],
    [
      "misspelt inside",
      {
        given: withOptions(memory, "  cookie: {", "    sameSide: 1,", "  },"),
        want: {
          code: "config/unknown-option",
          path: "cookie.sameSide",
          line: 6,
          fix: "Did you mean sameSite?",
        },
      },
    ],
    [
      "of another type",
      {
        given: withOptions(memory, "  output: 5,"),
        want: { code: "config/invalid-option", path: "output", line: 5 },
      },
    ],
    [
      "a duration that is none",
      {
        given: withOptions(memory, '  lifetime: { idle: "soon" },'),
        want: { code: "config/invalid-option", path: "lifetime.idle", line: 5 },
      },
    ],
    [
      "a ttl that is no duration",
      {
        given: withOptions(memory, '  fields: { visits: { ttl: "soon" } },'),
        want: { code: "config/invalid-option", path: "fields.visits.ttl", line: 5 },
      },
    ],
    [
      "a backend nobody knows",
      {
        given: withOptions('  backend: { kind: "floppy" },'),
        want: { code: "config/invalid-option", path: "backend.kind", line: 4 },
      },
    ],
    [
      "a backend's option",
      {
        given: withOptions(
          "  backend: {",
          '    kind: "redis",',
          '    uri: "redis://h",',
          '    url: "redis://h",',
          "  },",
        ),
        want: { code: "config/unknown-option", path: "backend.uri", line: 6 },
      },
    ],
    [
      "an option of other backends",
      {
        given: withOptions('  backend: { kind: "redis", url: "redis://h", table: "t" },'),
        want: {
          code: "config/unknown-option",
          path: "backend.table",
          line: 4,
          fix: "Delete it: of dynamodb, mysql, postgres, and sqlite it is an option, of redis it is none.",
        },
      },
    ],
    [
      "an option of the config's that was given to a backend",
      {
        given: withOptions('  backend: { production: { kind: "memory", sameSite: "lax" } },'),
        want: {
          code: "config/unknown-option",
          path: "backend.production.sameSite",
          line: 4,
          fix: "Did you mean cookie.sameSite?",
        },
      },
    ],
    ...(
      [
        [memory, '  serializer: "mspack",', "serializer", '"msgpack"'],
        [memory, '  cookie: { sameSite: "Lax" },', "cookie.sameSite", '"lax"'],
        [memory, '  frameworks: ["expres"],', "frameworks.0", '"express"'],
        ["", '  backend: { kind: "postgresql" },', "backend.kind", '"postgres"'],
      ] as const
    ).map(
      ([first, second, path, meant]) =>
        [
          `a misspelt value of ${path}`,
          {
            given: withOptions(first, second),
            want: { code: "config/invalid-option", path, line: 5, fix: `Did you mean ${meant}?` },
          },
        ] as [string, { given: string; want: { code: string; path: string; line: number; fix: string } }],
    ),
    [
      "an address that is not set on this machine",
      {
        given: withOptions('  backend: { kind: "redis", url: process.env["NOT_SET_ANYWHERE"] },'),
        want: {
          code: "config/invalid-option",
          path: "backend",
          line: 4,
          fix: 'url is undefined here: write env("NAME"), which the application reads when it starts.',
        },
      },
    ],
    ...(
      [
        ['kind: "redis", url: "redis://:s3cret@host"', "backend.url"],
        ['kind: "redis", nodes: ["rediss://web:s3cret@host"]', "backend.nodes.0"],
        [
          'kind: "redis", sentinel: { name: "m", nodes: ["redis://h"], password: "s3cret" }',
          "backend.sentinel.password",
        ],
        ['kind: "postgres", url: "postgres://h/db?user=me&password=s3cret"', "backend.url"],
        ['kind: "mongodb", url: "mongodb+srv://me:s3cret@host/web"', "backend.url"],
        ['kind: "memcached", servers: "me:s3cret@host:11211"', "backend.servers"],
        ['kind: "sqlite", file: "libsql://host?authToken=s3cret"', "backend.file"],
      ] as const
    ).map(
      ([backend, path]) =>
        [
          `a password in the config: ${backend}`,
          {
            given: withOptions(`  backend: { ${backend} },`),
            want: { code: "config/secret", path, line: 4 },
          },
        ] as [string, { given: string; want: { code: string; path: string; line: number } }],
    ),
    [
      "a backend without a kind",
      {
        given: withOptions('  backend: { url: "redis://localhost" },'),
        want: { code: "config/invalid-option", path: "backend.kind", line: 4 },
      },
    ],
    [
      "a folder of templates that is not there",
      {
        given: withOptions(memory, '  templates: "./mine",'),
        want: { code: "template/missing-folder", path: "templates", line: 5 },
      },
    ],
    [
      "a client that is not there",
      {
        given: withOptions('  backend: { kind: "redis", client: "./nowhere.ts" },'),
        want: { code: "config/no-such-export", path: "backend.client", line: 4 },
      },
    ],
    [
      "a lifetime that no date can hold",
      {
        given: withOptions(memory, "  lifetime: { idle: 1000, absolute: 9e15 },"),
        want: { code: "config/invalid-option", path: "lifetime.absolute", line: 5 },
      },
    ],
    [
      "a backend's missing option",
      {
        given: withOptions('  backend: { kind: "sqlite" },'),
        want: { code: "config/invalid-option", path: "backend.file", line: 4 },
      },
    ],
    [
      "one of several backends",
      {
        given: withOptions("  backend: {", '    production: { kind: "file" },', "  },"),
        want: { code: "config/invalid-option", path: "backend.production.directory", line: 5 },
      },
    ],
    [
      "__Host- without Secure",
      {
        given: withOptions(memory, '  cookie: { name: "__Host-s", secure: false },'),
        want: { code: "config/invalid-option", path: "cookie", line: 5 },
      },
    ],
    [
      "__Host- without knowing whether it will be Secure",
      {
        given: withOptions(memory, '  cookie: { name: "__Host-s", secure: "auto" },'),
        want: { code: "config/invalid-option", path: "cookie", line: 5 },
      },
    ],
    [
      "__Secure- without knowing whether it will be",
      {
        given: withOptions(memory, '  cookie: { name: "__Secure-s", secure: "auto" },'),
        want: { code: "config/invalid-option", path: "cookie", line: 5 },
      },
    ],
    [
      "unsigned cookies where none are signed",
      {
        given: withOptions(memory, "  cookie: { acceptUnsigned: true },"),
        want: { code: "config/invalid-option", path: "cookie.acceptUnsigned", line: 5 },
      },
    ],
    [
      "the digest of a signature that there is none of",
      {
        given: withOptions(memory, '  cookie: { digest: "sha512" },'),
        want: { code: "config/invalid-option", path: "cookie.digest", line: 5 },
      },
    ],
    [
      "a cookie that no secret signs",
      {
        given: withOptions(memory, "  cookie: {", "    secrets: [],", "  },"),
        want: { code: "config/invalid-option", path: "cookie.secrets", line: 6 },
      },
    ],
    [
      "encryption by no secret",
      {
        given: withOptions(memory, "  encryption: {", "    secrets: [],", "  },"),
        want: { code: "config/invalid-option", path: "encryption.secrets", line: 6 },
      },
    ],
    [
      "a sealed cookie without a secret",
      {
        given: withOptions("  backend: {", '    kind: "cookie",', "    secrets: [],", "  },"),
        want: { code: "config/invalid-option", path: "backend.secrets", line: 6 },
      },
    ],
    [
      "an empty realm",
      {
        given: withOptions(memory, '  realm: "",'),
        want: { code: "config/invalid-option", path: "realm", line: 5 },
      },
    ],
    [
      "ids that can be guessed",
      {
        given: withOptions(memory, "  id: { bytes: 15 },"),
        want: { code: "config/invalid-option", path: "id.bytes", line: 5 },
      },
    ],
    [
      "ids that are too long",
      {
        given: withOptions(memory, "  id: { bytes: 65 },"),
        want: { code: "config/invalid-option", path: "id.bytes", line: 5 },
      },
    ],
    [
      "idle longer than absolute",
      {
        given: withOptions(memory, '  lifetime: { idle: "2d", absolute: "1d" },'),
        want: { code: "config/invalid-option", path: "lifetime", line: 5 },
      },
    ],
    [
      "an absolute path",
      {
        given: withOptions(memory, '  output: "/etc",'),
        want: { code: "config/invalid-option", path: "output", line: 5 },
      },
    ],
    [
      "a field to be encrypted without a secret",
      {
        given: withOptions(memory, "  fields: {", "    a: { encrypt: true },", "  },"),
        want: { code: "config/invalid-option", path: "fields.a.encrypt", line: 6 },
      },
    ],
    [
      "an encrypted field whose value an index would show",
      {
        given: withOptions(
          memory,
          '  encryption: { secrets: [{ $env: "SECRET" }] },',
          "  fields: {",
          "    a: { encrypt: true, index: true },",
          "  },",
        ),
        want: { code: "config/invalid-option", path: "fields.a.index", line: 7 },
      },
    ],
    [
      "a policy nobody knows",
      {
        given: withOptions(memory, "  fields: {", "    a: { encrypted: true },", "  },"),
        want: { code: "config/unknown-option", path: "fields.a.encrypted", line: 6 },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { root } = project({ "session.config.ts": given });
    const problems = await problemsOf(loadConfig({ cwd: root }));
    const { line, path, ...rest } = want;
    expect(problems).toContainEqual(
      expect.objectContaining({ ...rest, where: expect.objectContaining({ path, line }) }),
    );
  });

  it("also where it belongs, when it stands elsewhere", async () => {
    const { root } = project({ "session.config.ts": withOptions(memory, '  sameSite: "lax",') });
    expect(await problemsOf(loadConfig({ cwd: root }))).toMatchObject([
      { fix: "Did you mean cookie.sameSite?" },
    ]);
  });

  it("also one that is missing, while a field has its name", async () => {
    const { root } = project({
      "session.config.ts":
        'import { z } from "zod";\nexport default {\n  schema: z.object({\n    backend: z.string(),\n  }),\n};\n',
    });
    const [problem] = await problemsOf(loadConfig({ cwd: root }));
    expect(problem).toMatchObject({ code: "config/invalid-option", where: { path: "backend", line: 2 } });
  });

  it("several at once", async () => {
    const { root } = project({ "session.config.ts": withOptions(memory, "  output: 5,", "  cooky: {},") });
    expect(await problemsOf(loadConfig({ cwd: root }))).toHaveLength(2);
  });

  it("in JSON, too", async () => {
    const { root } = project({
      "session.config.json": '{\n  "backend": { "kind": "memory" },\n  "outputs": "x"\n}\n',
    });
    const [problem] = await problemsOf(loadConfig({ cwd: root }));
    expect(problem).toMatchObject({ code: "config/unknown-option", where: { path: "outputs", line: 3 } });
  });
});

it("warns of a backend that is not for production", async () => {
  const rest = 'backend: { production: { kind: "memory" }, development: { kind: "memory" } }';
  const { root } = project({ "session.config.ts": config(schema, rest) });
  expect((await loadConfig({ cwd: root })).warnings).toMatchObject([
    { code: "config/not-for-production", severity: "warning" },
  ]);
});

describe("loading again in one process", () => {
  it.each([
    ["ES modules", { given: '{ "name": "user", "type": "module" }' }],
    ["CommonJS", { given: '{ "name": "user" }' }],
  ])("sees what changed in an imported module (%s)", async (_name, { given }) => {
    const schemaText = (name: string): string =>
      `import { z } from "zod";\nexport const schema = z.object({ ${name}: z.string() });\n`;
    const user = project({
      "package.json": given,
      "session.config.ts":
        'import { schema } from "./schema";\nexport default { schema, backend: { kind: "memory" } };\n',
      "schema.ts": schemaText("first"),
    });
    const shape = ({ config: { schema: loaded } }: LoadedConfig) =>
      Object.keys(Reflect.get(Object(loaded), "shape"));
    const first = await loadConfig({ cwd: user.root });
    expect(shape(first)).toEqual(["first"]);
    user.write({ "schema.ts": schemaText("second") });
    const second = await loadConfig({ cwd: user.root });
    expect(shape(second)).toEqual(["second"]);
    expect(second.inputs).toContain(join(user.root, "schema.ts"));
  });

  it("goes through the hooks of one loader, however often", async () => {
    const { root } = project({ "session.config.ts": good });
    const seen: number[] = [];
    for (let loads = 0; loads < 3; loads += 1) {
      await loadConfig({ cwd: root });
      seen.push(hooksAround(() => createRequire(import.meta.url).resolve("./is-not-there")));
    }
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen).toEqual([seen[0], seen[0], seen[0]]);
  });

  it.each([
    ["ES modules", { given: '{ "name": "user", "type": "module" }' }],
    ["CommonJS", { given: '{ "name": "user" }' }],
  ])(
    "evaluates once what it and a later import have in common, until the next (%s)",
    async (_name, { given }) => {
      const shared =
        'import { z } from "zod";\nprocess.env["EVALUATED"] = String(Number(process.env["EVALUATED"] ?? 0) + 1);\nexport const schema = z.object({ a: z.string() });\n';
      const { root } = project({
        "package.json": given,
        "session.config.ts":
          'import { schema } from "./schema";\nexport default { schema, backend: { kind: "memory" } };\n',
        "schema.ts": shared,
        "fields.ts": 'export { schema } from "./schema";\n',
      });
      try {
        for (const times of ["1", "2"]) {
          const { config: loaded } = await loadConfig({ cwd: root });
          const touched = { files: new Set<string>(), env: new Set<string>() };
          const { schema: again } = await importModule(join(root, "fields.ts"), touched);
          expect(again).toBe(loaded.schema);
          expect(process.env["EVALUATED"]).toBe(times);
          expect([...touched.files]).toContain(join(root, "fields.ts"));
        }
      } finally {
        delete process.env["EVALUATED"];
      }
    },
  );

  it("lets the config set variables, as any module may", async () => {
    const user = project({
      "session.config.ts": `process.env["SESSGEN_TEST"] = "1";\nprocess.env["PATH"] += "";\n${good}`,
    });
    expect((await loadConfig({ cwd: user.root })).env).toContain("PATH");
    delete process.env["SESSGEN_TEST"];
  });
});

describe("a function that merges a field", () => {
  const merging = (merge: string): string =>
    config(
      schema,
      `backend: { kind: "memory" },\n  fields: {\n    visits: {\n      merge: ${merge},\n    },\n  }`,
    );
  const loaded = (merge: string, files: Record<string, string> = {}) => {
    const { root } = project({ "session.config.ts": merging(merge), ...files });
    return { root, loading: loadConfig({ cwd: root }) };
  };

  it.each<[string, { given: string; files?: Record<string, string>; want: object }]>([
    [
      "a file that is not there",
      {
        given: '{ module: "./src/merge.ts", export: "larger" }',
        want: {
          code: "config/no-such-export",
          summary: "There is no file src/merge.ts",
          path: "fields.visits.merge.module",
        },
      },
    ],
    [
      "a function that the file does not export",
      {
        given: '{ module: "merge.ts", export: "larger" }',
        files: { "merge.ts": "export const smaller = Math.min;\nconst larger = Math.max;\nvoid larger;\n" },
        want: {
          code: "config/no-such-export",
          summary: "merge.ts exports no larger, but only smaller",
          path: "fields.visits.merge.export",
        },
      },
    ],
    [
      "a path outside of everything",
      {
        given: '{ module: "/merge.ts", export: "larger" }',
        want: { code: "config/invalid-option", path: "fields.visits.merge.module" },
      },
    ],
    [
      "what is no name",
      {
        given: '{ module: "merge.ts", export: "a-b" }',
        want: { code: "config/invalid-option", path: "fields.visits.merge.export" },
      },
    ],
  ])("is refused: %s", async (_name, { given, files, want }) => {
    const [problem, ...others] = await problemsOf(loaded(given, files).loading);
    expect(others).toEqual([]);
    expect({
      code: problem?.code,
      path: problem?.where?.path,
      line: problem?.where?.line,
      summary: problem?.summary,
    }).toMatchObject({
      line: 9,
      ...want,
    });
  });

  it.each<[string, { given: string; file: string }]>([
    ["a function", { given: '"larger"', file: "export function larger() {}\n" }],
    ["a constant", { given: '"larger"', file: "export const larger = Math.max;\n" }],
    ["the default", { given: '"default"', file: "export default Math.max;\n" }],
    [
      "one under another name",
      { given: '"larger"', file: "const max = Math.max;\nexport { max as larger };\n" },
    ],
    ["one of another module", { given: '"larger"', file: 'export { larger } from "./other.js";\n' }],
    ["perhaps one of another module", { given: '"larger"', file: 'export * from "./other.js";\n' }],
    ["one of CommonJS", { given: '"larger"', file: "module.exports = { larger: Math.max };\n" }],
    [
      "in a module that cannot run yet",
      { given: '"larger"', file: 'throw new Error("no database");\nexport const larger = 1;\n' },
    ],
  ])("is found without being run: %s", async (_name, { given, file }) => {
    const { root, loading } = loaded(`{ module: "./merge.ts", export: ${given} }`, { "merge.ts": file });
    expect((await loading).inputs).toContain(join(root, "merge.ts"));
  });
});
