import { existsSync, readdirSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { backends } from "../../src/backends/index.js";
import { runBin } from "../support/bin.js";
import { config, lockText, project, runIn } from "../support/project.js";

const good = { "session.config.ts": config("visits: z.int().default(0)") };

describe("the command line", () => {
  it.each<[string, { given: string[]; want: { code: number; out?: unknown; err?: unknown } }]>([
    ["--help", { given: ["--help"], want: { code: 0, out: expect.stringContaining("Usage: sessgen") } }],
    [
      "help of a command",
      { given: ["migrate", "--help"], want: { code: 0, out: expect.stringContaining("--environment") } },
    ],
    [
      "--version",
      { given: ["--version"], want: { code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) } },
    ],
    [
      "an unknown command",
      { given: ["chekc"], want: { code: 2, err: expect.stringContaining("did you mean check?") } },
    ],
    [
      "an unknown option",
      {
        given: ["--forze"],
        want: { code: 2, err: expect.stringContaining("'--forze'; did you mean --force?") },
      },
    ],
    [
      "an option like no other",
      { given: ["--xyzzy"], want: { code: 2, err: expect.stringMatching(/'--xyzzy' \[/) } },
    ],
    [
      "an option without its value",
      { given: ["check", "--config"], want: { code: 2, err: expect.stringContaining("[cli/usage]") } },
    ],
    [
      "no config",
      { given: ["check"], want: { code: 3, err: expect.stringContaining("[config/not-found]") } },
    ],
    [
      "a folder as config",
      { given: ["--config", "."], want: { code: 3, err: expect.stringContaining("[config/not-found]") } },
    ],
    [
      "a config of another kind",
      {
        given: ["--config", "x.yaml"],
        want: { code: 3, err: expect.stringContaining("[config/not-found]") },
      },
    ],
    [
      "a package.json without config",
      {
        given: ["--config", "package.json"],
        want: { code: 3, err: expect.stringContaining("[config/not-found]") },
      },
    ],
    [
      "a config that is not there",
      { given: ["--config", "nowhere.ts"], want: { code: 3, err: expect.stringContaining("nowhere.ts") } },
    ],
  ])("%s", async (_name, { given, want }) => {
    expect(await project().run(...given)).toMatchObject(want);
  });

  it("prints one JSON object with --json, and nothing else", async () => {
    const user = project(good);
    const { out, err } = await user.run("--json");
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      exitCode: 0,
      problems: [],
      files: expect.arrayContaining([{ path: "sessgen.lock.json", action: "update" }]),
    });
    const wrong = JSON.parse((await user.run("--json", "--config", "nowhere.ts")).out);
    expect(wrong).toMatchObject({
      ok: false,
      exitCode: 3,
      problems: [
        { code: "config/not-found", severity: "error", why: expect.any(String), fix: expect.any(String) },
      ],
    });
    expect(JSON.parse((await user.run("nonsense", "--json")).out)).toMatchObject({
      exitCode: 2,
      problems: [{ code: "cli/usage" }],
    });
  });

  it("uses colours on a terminal only, and never with NO_COLOR", async () => {
    const user = project();
    const colour = "\u001b[";
    expect((await user.run("check")).err).not.toContain(colour);
    expect((await runIn(user.root, ["check"], { env: { FORCE_COLOR: "1" } })).err).toContain(colour);
    expect(
      (await runIn(user.root, ["check"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).err,
    ).not.toContain(colour);
    expect((await runIn(user.root, ["check"], { env: { FORCE_COLOR: "0" } })).err).not.toContain(colour);
  });

  it("never shows a stack trace unless asked", () => {
    const user = project({ "session.config.ts": 'const a = 1;\nvoid a;\nthrow new Error("not today");\n' });
    expect(runBin(user.root)).toMatchObject({
      code: 3,
      err: expect.stringContaining("session.config.ts:3:"),
    });
    expect(runBin(user.root).err).not.toMatch(/^\s+at /m);
    expect(runBin(user.root, ["--verbose"]).err).toMatch(/^\s+at /m);
  });

  it("names the place in a CommonJS project and a folder with a space, too", () => {
    const user = project({
      "a b/package.json": '{ "name": "user" }',
      "a b/session.config.ts": '\nthrow new Error("not today");\n',
    });
    expect(runBin(join(user.root, "a b"))).toMatchObject({
      code: 3,
      err: expect.stringContaining("session.config.ts:2:"),
    });
  });

  it("names the place of an error in a module the config imports", () => {
    const user = project({
      "session.config.ts": 'import "./other.js";\nexport default {};\n',
      "other.ts": '\nthrow new Error("not here");\n',
    });
    expect(runBin(user.root)).toMatchObject({ code: 3, err: expect.stringContaining("other.ts:2:") });
  });
});

describe("generate", () => {
  it("writes everything, and the second time nothing", async () => {
    const user = project(good);
    expect(await user.run()).toMatchObject({
      code: 0,
      out: "9 files written (8 in src/session, sessgen.lock.json)\n",
      err: "",
    });
    expect(await user.run()).toMatchObject({ code: 0, out: "Up to date: 9 files\n" });
    expect(readdirSync(join(user.root, "src/session")).sort()).toEqual(
      [
        ".sessgen.json",
        "checks.ts",
        "codec.ts",
        "fields.ts",
        "index.ts",
        "session.schema.json",
        "session.ts",
        "store.ts",
        "types.ts",
      ].sort(),
    );
  });

  it("shows a diff with --dry-run and changes nothing", async () => {
    const user = project(good);
    await user.run();
    user.write({ "session.config.ts": config("visits: z.int().default(0), name: z.string().optional()") });
    const { code, out } = await user.run("--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("--- a/src/session/types.ts\n+++ b/src/session/types.ts\n");
    expect(out).toContain("+  name?: string | undefined;");
    expect(user.read("src/session/types.ts")).not.toContain("name");
  });

  it("keeps what was changed by hand unless forced", async () => {
    const user = project(good);
    await user.run();
    user.write({
      "src/session/types.ts": "// mine\n",
      "session.config.ts": config("name: z.string().optional()"),
    });
    expect(await user.run()).toMatchObject({ code: 4, err: expect.stringContaining("[write/edited]") });
    expect(user.read("src/session/types.ts")).toBe("// mine\n");
    expect((await user.run("--force")).code).toBe(0);
  });

  it("removes the glue of a framework that is gone", async () => {
    const user = project({
      "session.config.ts": config(
        "a: z.string().optional()",
        'backend: { kind: "memory" }, frameworks: ["express"]',
      ),
    });
    await user.run();
    expect(existsSync(join(user.root, "src/session/express.ts"))).toBe(true);
    user.write({ "session.config.ts": config("a: z.string().optional()") });
    expect((await user.run()).out).toContain("1 removed");
    expect(existsSync(join(user.root, "src/session/express.ts"))).toBe(false);
  });

  it("reports every problem of the schema at once, with path and line", async () => {
    const user = project({
      "session.config.ts": [
        'import { z } from "zod";',
        "export default {",
        "  schema: z.object({",
        "    deep: z.object({",
        "      deeper: z.object({ deepest: z.function() }),",
        "    }),",
        "    when: z.date().default(() => new Date(Date.now() + Math.random() * 1e9)),",
        '    "a-b": z.string(),',
        "    a_b: z.string(),",
        "  }),",
        '  backend: { kind: "memory" },',
        "};",
        "",
      ].join("\n"),
    });
    const { code, out } = await user.run("--json");
    expect(code).toBe(3);
    expect(JSON.parse(out).problems).toMatchObject([
      { code: "model/unsupported-type", where: { path: "schema.deep.deeper.deepest", line: 5 } },
      { code: "model/dynamic-default", where: { path: "schema.when", line: 7 } },
      { code: "model/name-collision", where: { path: "schema.a_b", line: 9 } },
    ]);
    expect(existsSync(join(user.root, "src"))).toBe(false);
  });

  it("has a user's own template instead of ours, and says where it is wrong", async () => {
    const rest = 'backend: { kind: "memory" }, frameworks: ["express"], templates: "mine"';
    const user = project({
      "session.config.ts": config("a: z.string().optional()", rest),
      "mine/glue/express.ts.hbs": "// {{banner}}\n",
    });
    expect((await user.run()).code).toBe(0);
    expect(user.read("src/session/express.ts")).toMatch(/^\/\/ \/\/ Generated by sessgen/);
    user.write({ "mine/glue/express.ts.hbs": "a\n{{nobody}}\n" });
    expect(await user.run()).toMatchObject({
      code: 3,
      err: expect.stringContaining("mine/glue/express.ts.hbs:2"),
    });
    rmSync(join(user.root, "mine"), { recursive: true });
    expect(await user.run()).toMatchObject({
      code: 3,
      err: expect.stringContaining("[template/missing-folder]"),
    });
  });
});

describe("check", () => {
  it("is content with what generate wrote, and with nothing else", async () => {
    const user = project(good);
    expect(await user.run("check")).toMatchObject({
      code: 1,
      err: expect.stringContaining("sessgen.lock.json is out of date"),
    });
    await user.run();
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
    user.write({ "src/session/codec.ts": "" });
    expect(await user.run("check")).toMatchObject({
      code: 1,
      err: expect.stringContaining("src/session/codec.ts was changed by hand"),
    });
    expect(user.read("src/session/codec.ts")).toBe("");
  });
});

describe("--watch", () => {
  it("generates again when the config or what it imports changes, and survives errors", async () => {
    const user = project({
      "session.config.ts":
        'import { schema } from "./schema.js";\nexport default { schema, backend: { kind: "memory" } };\n',
      "schema.ts":
        'import { z } from "zod";\nexport const schema = z.object({ a: z.string().optional() });\n',
    });
    const ended = new AbortController();
    const watching = runIn(user.root, ["--watch"], { signal: ended.signal });
    const types = (): string =>
      existsSync(join(user.root, "src/session/types.ts")) ? user.read("src/session/types.ts") : "";
    const options = { timeout: 120_000, interval: 20 };
    await vi.waitFor(() => expect(types()).toContain("a?: string"), options);
    // The watcher may not have seen the file yet: written until it has.
    const until = (content: string, want: string) =>
      vi.waitFor(
        () => {
          user.write({ "schema.ts": content });
          expect(types()).toContain(want);
        },
        { timeout: 120_000, interval: 300 },
      );
    await until(
      'import { z } from "zod";\nexport const schema = z.object({ b: z.string().optional() });\n',
      "b?: string",
    );
    user.write({ "schema.ts": "export const schema = ;\n" });
    await until(
      'import { z } from "zod";\nexport const schema = z.object({ c: z.string().optional() });\n',
      "c?: string",
    );
    ended.abort();
    expect((await watching).code).toBe(0);
  });

  it("looks after several configs, each by what it imports", async () => {
    const kind = (name: string): string =>
      `import { schema } from "./${name}.js";\nexport default { name: "${name}", schema, backend: { kind: "memory" } };\n`;
    const schema = (field: string): string =>
      `import { z } from "zod";\nexport const schema = z.object({ ${field}: z.string().optional() });\n`;
    const names = ["shop", "admin"];
    const user = project(
      Object.fromEntries(
        names.flatMap((name) => [
          [`${name}.session.config.ts`, kind(name)],
          [`${name}.ts`, schema("a")],
          [`${name}.sessgen.lock.json`, lockText],
        ]),
      ),
    );
    const ended = new AbortController();
    const argv = names.flatMap((name) => ["--config", `${name}.session.config.ts`]);
    const watching = runIn(user.root, [...argv, "--watch"], { signal: ended.signal });
    const types = (name: string): string => {
      const path = `src/${name}-session/types.ts`;
      return existsSync(join(user.root, path)) ? user.read(path) : "";
    };
    const options = { timeout: 120_000, interval: 300 };
    for (const name of names) await vi.waitFor(() => expect(types(name)).toContain("a?: string"), options);
    for (const [name, other] of [names, [...names].reverse()] as const) {
      const before = types(other ?? "");
      await vi.waitFor(() => {
        user.write({ [`${name}.ts`]: schema("b") });
        expect(types(name ?? "")).toContain("b?: string");
      }, options);
      expect(types(other ?? "")).toBe(before);
    }
    ended.abort();
    expect((await watching).code).toBe(0);
  });
});

describe("init", () => {
  it.each<
    [string, { given: Record<string, string>; want: { file: string; contains: string[]; out: string[] } }]
  >([
    [
      "npm, Express, TypeScript",
      {
        given: {
          "package.json":
            '{\n    "name": "user",\n    "type": "module",\n    "dependencies": { "express": "5", "typescript": "5" }\n}\n',
        },
        want: {
          file: "session.config.ts",
          contains: ['frameworks: ["express"]', 'kind: "sqlite"'],
          out: ["npm install @sessgen/runtime zod", "npx sessgen migrate"],
        },
      },
    ],
    [
      "a framework with a place for the module",
      {
        given: { "package.json": '{ "name": "user", "devDependencies": { "@sveltejs/kit": "2" } }\n' },
        want: {
          file: "session.config.mjs",
          contains: ['frameworks: ["sveltekit"],\n  output: "src/lib/server/session",\n});'],
          out: ["npx sessgen"],
        },
      },
    ],
    [
      "pnpm, CommonJS, JavaScript",
      {
        given: { "package.json": '{ "name": "user" }\n', "pnpm-lock.yaml": "" },
        want: {
          file: "session.config.mjs",
          contains: ["frameworks: []"],
          out: ["pnpm add", "pnpm exec sessgen"],
        },
      },
    ],
    [
      "yarn by packageManager",
      {
        given: { "package.json": '{ "name": "user", "type": "module", "packageManager": "yarn@4.0.0" }\n' },
        want: { file: "session.config.js", contains: [], out: ["yarn add", "yarn sessgen"] },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const user = project(given);
    const { code, out } = await user.run("init", "--yes");
    expect(code).toBe(0);
    for (const text of want.contains) expect(user.read(want.file)).toContain(text);
    for (const text of want.out) expect(out).toContain(text);
    expect(JSON.parse(user.read("package.json"))).toMatchObject({
      ...JSON.parse(given["package.json"] ?? "{}"),
      scripts: { sessgen: "sessgen" },
    });
    expect(user.read(".gitignore")).toBe(".data/\n");
  });

  it.each([...backends.values()])(
    "writes a first config with the backend $kind",
    async ({ kind, first, clients = [], builtIn }) => {
      const user = project({ "package.json": '{ "name": "user", "type": "module" }\n' });
      const { code, out, err } = await user.run("init", "--backend", kind);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(user.read("session.config.js")).toContain(`backend: { ${first.code.replace(".ts", ".js")} },`);
      const [client] = builtIn !== undefined && isBuiltin(builtIn) ? [] : clients;
      if (client !== undefined) expect(out).toMatch(new RegExp(`npm install .*${client}`));
      for (const [, name = ""] of first.code.matchAll(/env\("(\w+)"\)/g))
        expect(out).toContain(`set ${name} `);
      for (const [, path = ""] of first.code.matchAll(/module: "\.\/(.+)\.ts"/g))
        expect(out).toContain(`of your own by default from ${path}.js`);
      expect(existsSync(join(user.root, ".gitignore"))).toBe(first.code.includes(".data/"));
      expect(await user.run()).toMatchObject({ code: 0, err: "" });
    },
  );

  it("knows no other backend", async () => {
    const user = project();
    expect(await user.run("init", "--backend", "postgrs")).toMatchObject({
      code: 2,
      err: expect.stringContaining("There is no backend postgrs; did you mean postgres?"),
    });
    expect((await user.run("init", "--backend", "floppy")).err).toContain("there are cookie, dynamodb");
    expect(existsSync(join(user.root, "session.config.js"))).toBe(false);
  });

  it("writes a config that works as it is", async () => {
    const user = project({ "package.json": '{ "name": "user", "type": "module" }\n' });
    await user.run("init");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect((await user.run("migrate")).out).toBe("applied: 0001_create_sessions\n");
  });

  it("never replaces anything", async () => {
    const user = project(good);
    expect(await user.run("init", "--yes")).toMatchObject({
      code: 3,
      err: expect.stringContaining("[init/exists]"),
    });
    expect(user.read("session.config.ts")).toBe(good["session.config.ts"]);
    const empty = project();
    rmSync(join(empty.root, "package.json"));
    const broken = project({ "package.json": "{ broken" });
    expect(await broken.run("init", "--yes")).toMatchObject({
      code: 3,
      err: expect.stringContaining("[config/syntax]"),
    });
    expect(await empty.run("init", "--yes")).toMatchObject({
      code: 3,
      err: expect.stringContaining("[init/no-package]"),
    });
  });
});
