import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { backends } from "../../../src/backends/index.js";
import { frameworks } from "../../../src/frameworks/index.js";
import { project, runIn } from "../../support/project.js";

/** A package.json that depends on these. */
const depends = (names: readonly string[], rest: object = {}): string =>
  `${JSON.stringify({ name: "user", type: "module", ...rest, dependencies: Object.fromEntries(names.map((name) => [name, "*"])) }, undefined, 2)}\n`;

/** What `init --json --dry-run` has found. */
async function found(
  files: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<Record<string, unknown>> {
  const { out } = await project(files).run("init", "--json", "--dry-run", ...argv);
  return JSON.parse(out);
}

describe("what init finds", () => {
  it.each(
    [...frameworks.values()].flatMap(({ name, packages, beside }) =>
      packages.map((one) => [name, one, beside ? ["node", name] : [name]] as const),
    ),
  )("%s, by %s", async (_name, one, want) => {
    expect(await found({ "package.json": depends([one]) })).toMatchObject({ frameworks: want });
  });

  it.each(
    [...frameworks.values()].flatMap(({ name, signs = [] }) => signs.map((sign) => [name, sign] as const)),
  )("%s, by a file %s", async (name, sign) => {
    const file = sign.endsWith(".") ? `${sign}js` : sign;
    expect(await found({ [file]: "" })).toMatchObject({ frameworks: [name] });
  });

  it.each<[string, { given: readonly string[]; want: readonly string[] }]>([
    ["Nest, and not what it runs on", { given: ["@nestjs/core", "express", "fastify"], want: ["nest"] }],
    ["Nuxt, and not its h3", { given: ["h3", "nuxt"], want: ["nuxt"] }],
    ["two at once", { given: ["ws", "express"], want: ["express", "ws"] }],
  ])("%s", async (_name, { given, want }) => {
    expect(await found({ "package.json": depends(given) })).toMatchObject({ frameworks: want });
  });

  it("one of workerd, and not what it would be without", async () => {
    const given = { "package.json": depends(["hono"]), "wrangler.toml": "" };
    // It has no files, for SQLite.
    expect(await found(given)).toMatchObject({ frameworks: ["hono"], backend: "cookie" });
    const withRedis = { ...given, "package.json": depends(["hono", "ioredis"]) };
    expect(await found(withRedis)).toMatchObject({ backend: "redis" });
  });

  it("the framework that is named", async () => {
    const given = { "package.json": depends(["express"]) };
    expect(await found(given, "--framework", "node", "--framework", "ws")).toMatchObject({
      frameworks: ["node", "ws"],
    });
    const { code, err } = await project(given).run("init", "--framework", "expres");
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("did you mean express?") });
  });

  it.each(
    [...backends.values()].flatMap(({ kind, clients = [], companions = [] }) =>
      [...clients, ...companions].map((one) => [kind, one] as const),
    ),
  )("%s, by %s", async (kind, one) => {
    expect(await found({ "package.json": depends([one]) })).toMatchObject({ backend: kind });
  });

  it.each<[string, { given: readonly string[]; want: string }]>([
    ["Redis before PostgreSQL", { given: ["pg", "ioredis"], want: "redis" }],
    ["PostgreSQL before SQLite", { given: ["better-sqlite3", "postgres"], want: "postgres" }],
    ["SQLite where there is nothing", { given: [], want: "sqlite" }],
  ])("%s", async (_name, { given, want }) => {
    expect(await found({ "package.json": depends(given) })).toMatchObject({ backend: want });
  });

  it.each<[string, { given: Readonly<Record<string, string>>; want: string }]>([
    ["the lock file of a workspace", { given: { "pnpm-lock.yaml": "" }, want: "pnpm" }],
    ["its field", { given: { "package.json": '{ "packageManager": "yarn@4.1.0" }' }, want: "yarn" }],
    [
      "what it is developed with",
      { given: { "package.json": '{ "devEngines": { "packageManager": { "name": "bun" } } }' }, want: "bun" },
    ],
    ["an npm workspace", { given: { "package-lock.json": "{}" }, want: "npm" }],
  ])("the package manager of the root: %s", async (_name, { given, want }) => {
    const user = project({ "packages/app/package.json": '{ "name": "app" }\n', ...given });
    const { out } = await runIn(join(user.root, "packages/app"), ["init", "--json", "--dry-run"]);
    expect(JSON.parse(out)).toMatchObject({ packageManager: want });
  });

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["drizzle", "drizzle", { "drizzle.config.ts": "" }],
    ["drizzle", "drizzle", { "package.json": depends(["pg", "drizzle-kit"]) }],
    [
      "drizzle",
      "src/db/out",
      { "drizzle.config.json": '{ "dialect": "postgresql", "out": "./src/db/out/" }' },
    ],
    ["knex", "migrations", { "knexfile.js": "" }],
    [
      "knex",
      "db/steps",
      {
        "knexfile.cjs":
          'module.exports = { seeds: { directory: "s" }, migrations: { tableName: "t", directory: "./db/steps" } };',
      },
    ],
    [
      "prisma",
      "prisma/migrations",
      { "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n' },
    ],
    [
      "prisma",
      "db/migrations",
      { "prisma.config.ts": 'export default { schema: "db", migrations: { path: "db/migrations" } };' },
    ],
    ["dbmate", "db/migrations", { "package.json": depends(["dbmate"]) }],
    ["dbmate", "sql/up", { "package.json": depends(["dbmate"]), ".env": "DBMATE_MIGRATIONS_DIR=./sql/up\n" }],
    ["flyway", "sql", { "flyway.toml": "" }],
    ["flyway", "migrations", { "flyway.toml": "", "migrations/V1__users.sql": "" }],
    ["flyway", "db/all", { "flyway.toml": '[flyway]\nlocations = ["filesystem:db/all"]\n' }],
  ])("the migrations of %s in %s", async (tool, folder, given) => {
    const user = project(given);
    const { out } = await user.run("init", "--backend", "postgres");
    const file = readdirSync(user.root).find((one) => one.startsWith("session.config."));
    expect(user.read(String(file))).toContain(`  migrations: { tool: "${tool}", folder: "${folder}" },`);
    expect(out).not.toContain("sessgen migrate");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(join(user.root, folder)).join()).toMatch(/create_sessions/);
  });

  it.each<[string, { given: Readonly<Record<string, string>>; backend: string }]>([
    [
      "of another database",
      { given: { "drizzle.config.ts": 'export default { dialect: "mysql" };' }, backend: "postgres" },
    ],
    [
      "of Prisma's SQLite",
      { given: { "prisma/schema.prisma": 'datasource db {\n  provider = "sqlite"\n}' }, backend: "mysql" },
    ],
    ["where there is no SQL", { given: { "drizzle.config.ts": "" }, backend: "redis" }],
  ])("no migrations %s", async (_name, { given, backend }) => {
    const user = project({ "package.json": depends([]), ...given });
    await user.run("init", "--backend", backend);
    expect(user.read("session.config.js")).not.toContain("migrations");
  });

  it("says what Drizzle is to know of the tables, and whose command applies them", async () => {
    const user = project({
      "package.json": depends(["pg", "drizzle-kit", "typescript"]),
      "pnpm-lock.yaml": "",
    });
    const { out } = await user.run("init");
    expect(out).toContain('schema: [yours, "./src/session/drizzle.ts"]');
    expect(out).toContain('tablesFilter: ["!sessgen_*"]');
    expect(out).toContain("\n  pnpm exec sessgen\n  pnpm exec drizzle-kit migrate\n");
  });
});

describe("what init writes", () => {
  const express = {
    "package.json": depends(["express", "ioredis", "prettier"], { scripts: { build: "tsc", start: "mine" } }),
  };

  it("is named, file by file, and nothing else is touched", async () => {
    const user = project(express);
    const before = new Set(readdirSync(user.root));
    const { out } = await user.run("init");
    const said = [...out.matchAll(/^(?:Wrote|Added to) ([^\s:]+)/gm)].map(([, path]) => path);
    expect(said.sort()).toEqual([
      ".env.example",
      ".gitattributes",
      ".prettierignore",
      "package.json",
      "session.config.js",
      "src/server.js",
    ]);
    expect(
      readdirSync(user.root).filter(
        (name) => !before.has(name) && !said.some((path) => path?.startsWith(name)),
      ),
    ).toEqual([]);
    expect(user.read(".gitattributes")).toMatchInlineSnapshot(`
      "src/session/** linguist-generated merge=binary
      session-infra/** linguist-generated merge=binary
      sessgen.lock.json linguist-generated merge=text
      "
    `);
    expect(user.read(".prettierignore")).toMatchInlineSnapshot(`
      "src/session/
      session-infra/
      sessgen.lock.json
      "
    `);
    expect(user.read(".env.example")).toBe("REDIS_URL=redis://localhost:6379\n");
    expect(JSON.parse(user.read("package.json")).scripts).toEqual({
      build: "tsc",
      start: "mine",
      sessgen: "sessgen",
      "sessgen:check": "sessgen check",
      prebuild: "sessgen",
    });
  });

  it.each<[string, { given: readonly string[]; want: RegExp }]>([
    ["tsx", { given: ["elysia", "@elysiajs/node"], want: /adapter: node\(\)/ }],
    ["bun", { given: ["elysia"], want: /new Elysia\(\)/ }],
  ])("is started by %s, as it can be", async (program, { given, want }) => {
    const user = project({ "package.json": depends(given), "tsconfig.json": "{}" });
    const { out } = await user.run("init");
    expect(JSON.parse(user.read("package.json")).scripts.start).toBe(`${program} src/server.ts`);
    expect(user.read("src/server.ts")).toMatch(want);
    expect(out.includes(" tsx")).toBe(program === "tsx");
  });

  it("is only said with --dry-run", async () => {
    const user = project(express);
    const before = readdirSync(user.root);
    const { code, out } = await user.run("init", "--dry-run");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("Would write session.config.js") });
    expect(readdirSync(user.root)).toEqual(before);
    expect(user.read("package.json")).toBe(express["package.json"]);
  });

  it("adds to what is there, and keeps it", async () => {
    const kept = {
      ".env.example": "export REDIS_URL=mine",
      ".gitattributes": "* text=auto\r\n",
      ".prettierignore": "dist/\nsrc/session/\n",
      "biome.json": '{\n  // mine\n  "files": { "includes": ["src/**"] }\n}\n',
      "src/app.ts": "// mine\n",
    };
    const user = project({ ...express, ...kept, "tsconfig.json": "{}" });
    const { out } = await user.run("init");
    for (const [path, text] of Object.entries(kept).filter(([path]) => path !== "biome.json"))
      expect(user.read(path).startsWith(text)).toBe(true);
    expect(user.read(".env.example")).toBe(kept[".env.example"]);
    expect(user.read(".prettierignore").match(/src\/session\//g)).toHaveLength(1);
    expect(user.read("biome.json")).toContain("// mine");
    expect(user.read("biome.json").replace(/\s+/g, "")).toContain('["src/**","!src/session",');
    expect(existsSync(join(user.root, "src/server.ts"))).toBe(false);
    expect(out).toContain(
      'in src/app.ts:\n    import { session } from "./session/express.js";\n    app.use(session());',
    );
  });

  it.each<[string, { given: Readonly<Record<string, string>>; want: string }]>([
    [
      "a file that Node takes for CommonJS",
      {
        given: { "package.json": depends(["koa"], { type: "commonjs" }), "src/app.js": "" },
        want: 'in src/app.js:\n    const { session } = require("./session/koa.js");\n    app.use(session());',
      },
    ],
    [
      "a page, which is bundled",
      {
        given: { "package.json": depends(["next"], { type: "commonjs" }), "src/app/page.js": "" },
        want: 'in src/app/page.js:\n    import { session } from "../session/next',
      },
    ],
  ])("says what %s lacks as it is written there", async (_name, { given, want }) => {
    const { out } = await project(given).run("init");
    expect(out).toContain(want);
  });

  it("tells Biome where it has no file yet", async () => {
    const user = project({
      "package.json": `{ "name": "user", "type": "module", "devDependencies": { "@biomejs/biome": "^2.5.0" } }\n`,
    });
    expect((await user.run("init", "--backend", "memory")).out).toContain("Wrote biome.json\n");
    expect(JSON.parse(user.read("biome.json")).files).toEqual({
      includes: ["**", "!src/session", "!sessgen.lock.json"],
    });
  });

  it("tells Biome 1 in its own way", async () => {
    const user = project({
      "package.json": depends(["express"]),
      "biome.json": '{ "$schema": "https://biomejs.dev/schemas/1.9.4/schema.json" }\n',
    });
    await user.run("init", "--backend", "memory");
    expect(JSON.parse(user.read("biome.json")).files).toEqual({
      ignore: ["src/session", "sessgen.lock.json"],
    });
  });

  it("leaves the application's id to developers' machines", async () => {
    const user = project();
    const { out } = await runIn(user.root, ["init"], { env: { CI: "true" } });
    expect(out).toContain("no application id was made");
  });

  it("keeps Nest's build where it was", async () => {
    const user = project({
      "package.json": depends(["@nestjs/core", "typescript"]),
      "tsconfig.json": "{}",
      "tsconfig.build.json": '{ "extends": "./tsconfig.json", "exclude": ["dist"] }\n',
    });
    await user.run("init");
    expect(JSON.parse(user.read("tsconfig.build.json"))).toEqual({
      extends: "./tsconfig.json",
      exclude: ["dist"],
      compilerOptions: { rootDir: "src" },
      include: ["src"],
    });
  });

  const stores = { keyv: "src/keyv", unstorage: "src/storage", "express-store": "src/session-store" };
  const packages = {
    ts: depends(["typescript"]),
    js: depends([]),
    mjs: depends([], { type: "commonjs" }),
  };
  it.each(
    Object.entries(stores).flatMap(([kind, path]) =>
      Object.entries(packages).map(([ending, given]) => [kind, `${path}.${ending}`, given] as const),
    ),
  )("has a module for a store of the user's: %s in %s", async (kind, file, given) => {
    const user = project({ "package.json": given });
    expect((await user.run("init", "--backend", kind)).out).toContain(`Wrote ${file}\n`);
    expect(user.read(file)).toContain("export default ");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
  });

  it("has no module where there is one", async () => {
    const user = project({ "package.json": packages.js, "src/keyv.js": "export default mine;\n" });
    await user.run("init", "--backend", "keyv");
    expect(user.read("src/keyv.js")).toBe("export default mine;\n");
  });

  it("does not ask a framework's tsconfig that is not made yet", async () => {
    const user = project({
      "package.json": depends(["@sveltejs/kit", "typescript"]),
      "tsconfig.json": '{ "extends": "./.svelte-kit/tsconfig.json" }',
    });
    const { code, out } = await user.run("init", "--backend", "memory");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("npx svelte-kit sync\n") });
    expect(await user.run()).toMatchObject({ code: 3, err: expect.stringContaining("npx svelte-kit sync") });
    user.write({ ".svelte-kit/tsconfig.json": '{ "compilerOptions": { "moduleResolution": "bundler" } }' });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
  });

  it("nor does sessgen guess what a reference would have said", async () => {
    const user = project({
      "package.json": depends(["nuxt", "typescript"]),
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./.nuxt/tsconfig.server.json" }] }',
    });
    await user.run("init", "--backend", "memory");
    expect(await user.run()).toMatchObject({
      code: 3,
      err: expect.stringContaining("it refers to ./.nuxt/tsconfig.server.json, which is not there"),
    });
  });

  describe("adds to what the framework's own starter made, and only to that", () => {
    const nest = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { AppService } from './app.service';

@Module({
  imports: [],
  controllers: [AppController],
  providers: [AppService],
})
export class AppModule {}
`;
    const root = `import { Outlet } from "react-router";

import type { Route } from "./+types/root";
import "./app.css";

export const links: Route.LinksFunction = () => [];
`;
    const config = `import type { Config } from "@react-router/dev/config";

export default {
  // Config options...
  ssr: true,
} satisfies Config;
`;
    const of = (name: string, version = "*"): string =>
      JSON.stringify({ name: "user", type: "module", dependencies: { [name]: version, typescript: "*" } });
    const tsconfig = '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler" } }';

    it.each<
      [string, { given: Readonly<Record<string, string>>; file: string; want: readonly string[] | undefined }]
    >([
      [
        "nest new",
        {
          given: { "package.json": of("@nestjs/core"), "src/app.module.ts": nest },
          file: "src/app.module.ts",
          want: [
            "import { AppService } from './app.service';\nimport { SessionModule } from './session/nest",
            "  imports: [SessionModule.forRoot()],\n  controllers",
          ],
        },
      ],
      [
        "nest new, with a module of the user's",
        {
          given: {
            "package.json": of("@nestjs/core"),
            "src/app.module.ts": nest.replace("[]", "[UsersModule]"),
          },
          file: "src/app.module.ts",
          want: undefined,
        },
      ],
      [
        "create-react-router",
        {
          given: { "package.json": of("@react-router/dev", "7.18.4"), "app/root.tsx": root },
          file: "app/root.tsx",
          want: [
            '+types/root";\nimport { session } from "./.server/session/react-router";\nimport "./app.css";\n',
            "\nexport const middleware: Route.MiddlewareFunction[] = [session()];\n\nexport const links",
          ],
        },
      ],
      [
        "create-react-router, with middleware",
        {
          given: {
            "package.json": of("@react-router/dev", "7.18.4"),
            "app/root.tsx": `${root}export const middleware = [];\n`,
          },
          file: "app/root.tsx",
          want: undefined,
        },
      ],
      [
        "the config of React Router 7",
        {
          given: { "package.json": of("@react-router/dev", "^7.9.0"), "react-router.config.ts": config },
          file: "react-router.config.ts",
          want: ["  ssr: true,\n  future: { v8_middleware: true },\n} satisfies"],
        },
      ],
      [
        "the config of React Router 7, with other flags",
        {
          given: {
            "package.json": of("@react-router/dev", "^7.9.0"),
            "react-router.config.ts": config.replace("ssr", "future: {},\n  ssr"),
          },
          file: "react-router.config.ts",
          want: undefined,
        },
      ],
    ])("%s", async (_name, { given, file, want }) => {
      const user = project({ "tsconfig.json": tsconfig, ...given });
      const { out } = await user.run("init", "--backend", "memory");
      if (want === undefined) {
        expect(user.read(file)).toBe(given[file]);
        expect(out).toContain(`  in ${file}:\n`);
        return;
      }
      for (const text of want) expect(user.read(file)).toContain(text);
      expect(out).toContain(`Added to ${file}: `);
      expect(out).not.toContain(`  in ${file}:`);
    });

    it.each<[string, { given: string; files?: Readonly<Record<string, string>> }]>([
      [
        "7 that has the flag",
        {
          given: "7.18.4",
          files: {
            "react-router.config.ts": config.replace("ssr", "future: { v8_middleware: true },\n  ssr"),
          },
        },
      ],
      ["8, which needs none", { given: "^8.4.0" }],
    ])("has nothing to say of the config of React Router %s", async (_name, { given, files }) => {
      const user = project({
        "tsconfig.json": tsconfig,
        "package.json": of("@react-router/dev", given),
        ...files,
      });
      const { out } = await user.run("init", "--backend", "memory");
      expect(out).not.toContain("react-router.config");
    });

    it.each<[string, { given: string; want: boolean }]>([
      ["create-next-app", { given: '<a href="https://nextjs.org?utm_source=create-next-app">', want: true }],
      ["another page", { given: "<main />", want: false }],
    ])("a first route beside the page of %s", async (_name, { given, want }) => {
      const user = project({
        "package.json": of("next", "16.4.3"),
        "tsconfig.json": tsconfig,
        "src/app/page.tsx": given,
      });
      await user.run("init", "--backend", "memory");
      expect(existsSync(join(user.root, "src/app/visits/route.ts"))).toBe(want);
    });
  });

  it("names imports as they are seen from a file", async () => {
    const user = project({
      "package.json": depends(["@react-router/dev", "typescript"]),
      "tsconfig.json": '{ "compilerOptions": { "module": "es2022", "moduleResolution": "bundler" } }',
      "app/root.tsx": "",
      "react-router.config.ts": "",
    });
    const { out } = await user.run("init");
    expect(out).toContain('in app/root.tsx:\n    import { session } from "./.server/session/react-router');
    expect(out).toContain("in react-router.config.ts:\n    future: { v8_middleware: true }");
  });

  it("lets git merge what is emitted", async () => {
    const user = project({ "package.json": depends(["express"]) });
    const git = (...argv: readonly string[]) =>
      spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...argv], {
        cwd: user.root,
        encoding: "utf8",
      });
    const add = async (field: string): Promise<void> => {
      const text = user.read("session.config.js");
      user.write({
        "session.config.js": text.replace(`    /*${field}*/\n`, `    ${field}: z.string().optional(),\n`),
      });
      expect(await user.run()).toMatchObject({ code: 0 });
      git("add", "-A");
      git("commit", "-m", field);
    };
    await user.run("init", "--backend", "memory");
    const text = user.read("session.config.js");
    const marks = text
      .replace("    notice: z", "    /*one*/\n    notice: z")
      .replace("    user: z", "    /*two*/\n    user: z");
    user.write({ "session.config.js": marks });
    git("init", "-b", "main");
    await add("none");
    git("switch", "-c", "other");
    await add("one");
    git("switch", "main");
    await add("two");
    expect(git("merge", "other").status).toBe(1);
    expect(user.read("src/session/session.js")).not.toContain("<<<<<<<");
    // Both took the next slot: main keeps it, and the other side gets a new one.
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
    for (const field of ["one", "two"])
      expect(user.read("src/session/session.js")).toContain(`set ${field}(`);
  });
});

it("the table of clients in the docs is what descriptors say", () => {
  const page = readFileSync(new URL("../../../../docs/init.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(
    ([, kind, names]) => [kind, names] as const,
  );
  const wanted = [...backends.values()]
    .filter(({ first }) => first.rank !== undefined)
    .sort((one, other) => (one.first.rank ?? 0) - (other.first.rank ?? 0))
    .map(
      ({ kind, clients = [], companions = [] }) => [kind, [...clients, ...companions].join(", ")] as const,
    );
  expect(rows.slice(0, wanted.length)).toEqual(wanted);
});
