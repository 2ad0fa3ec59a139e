import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Compiler as RspackCompiler, rspack } from "@rspack/core";
import { type BuildOptions, context } from "esbuild";
import { rollup, watch as watchRollup } from "rollup";
import { build as buildVite, createServer, isRunnableDevEnvironment } from "vite";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import webpack from "webpack";
import forEsbuild from "../../src/bundlers/esbuild.js";
import forRollup from "../../src/bundlers/rollup.js";
import forRspack from "../../src/bundlers/rspack.js";
import forVite from "../../src/bundlers/vite.js";
import forWebpack from "../../src/bundlers/webpack.js";
import { compile, tsconfig } from "../support/compiled.js";
import { config, type Project, project } from "../support/project.js";

/** The real bundlers, on a project that has a config and nothing emitted. */

// JavaScript: not every bundler here knows TypeScript.
const memory = 'backend: { kind: "memory" }, language: "javascript"';
const visits = config("visits: z.int().default(0)", memory);
const withTheme = config('visits: z.int().default(0), theme: z.string().default("light")', memory);
/** `lifetime` is none. */
const wrong = config("visits: z.int().default(0)", `${memory}, lifetime: { idle: "for ever" }`);

function shop(text = visits): Project {
  return project({
    "session.config.ts": text,
    "main.js": 'export { sessions } from "./src/session/index.js";\n',
  });
}

/** What a build says. */
interface Built {
  readonly errors: readonly string[];
}

/** Builds once. */
type Build = (root: string, options?: { readonly build: "check" }) => Promise<Built>;

const esbuildOptions = (root: string): BuildOptions => ({
  entryPoints: [join(root, "main.js")],
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  write: false,
  logLevel: "silent",
});

const failure = (error: unknown): Built => ({ errors: [String((error as Error).message)] });

const builds: Readonly<Record<string, Build>> = {
  rollup: async (root, options) =>
    rollup({
      input: join(root, "main.js"),
      plugins: [forRollup({ root, ...options })],
      onwarn: () => {},
    }).then(async (bundle) => {
      await bundle.close();
      return { errors: [] };
    }, failure),
  vite: async (root, options) =>
    buildVite({
      root,
      configFile: false,
      logLevel: "silent",
      build: {
        write: false,
        lib: { entry: join(root, "main.js"), formats: ["es"] },
        rolldownOptions: { external: /^@sessgen/ },
      },
      plugins: [forVite({ root, ...options })],
    }).then(() => ({ errors: [] }), failure),
  esbuild: async (root, options) => {
    const { rebuild, dispose } = await context({
      ...esbuildOptions(root),
      plugins: [forEsbuild({ root, ...options })],
    });
    return rebuild()
      .then(
        () => ({ errors: [] }),
        ({ errors }: { errors: { text: string }[] }) => ({ errors: errors.map(({ text }) => text) }),
      )
      .finally(dispose);
  },
  webpack: (root, options) => run(compilerOf.webpack(root, [forWebpack({ root, ...options })])),
  rspack: (root, options) => run(compilerOf.rspack(root, [forRspack({ root, ...options })])),
};

const compilerOptions = (root: string) =>
  ({
    context: root,
    entry: "./main.js",
    mode: "development",
    target: "node",
    externals: [/^@sessgen/],
    externalsType: "commonjs",
    output: { path: join(root, "out") },
  }) as const;

const compilerOf = {
  webpack: (root: string, plugins: webpack.WebpackPluginInstance[]) =>
    webpack({ ...compilerOptions(root), externals: [/^@sessgen/], plugins }),
  rspack: (root: string, plugins: ReturnType<typeof forRspack>[]) =>
    rspack({ ...compilerOptions(root), externals: [/^@sessgen/], plugins }),
};

function run(compiler: webpack.Compiler | RspackCompiler | null): Promise<Built> {
  return new Promise((resolve, reject) => {
    (compiler as webpack.Compiler).run((error, stats) => {
      const errors = (stats?.compilation.errors ?? []).map(({ message }) => message);
      compiler?.close(() => (error ? reject(error) : resolve({ errors })));
    });
  });
}

describe.each(Object.entries(builds))("%s, when it builds,", (_name, build) => {
  it("has what is missing emitted first", async () => {
    const user = shop();
    expect(await build(user.root)).toEqual({ errors: [] });
    expect(user.read("src/session/session.js")).toContain("get visits()");
  });

  it("fails with what is wrong in the config, and where", async () => {
    const { errors } = await build(shop(wrong).root);
    // Some go on, and miss what was not emitted.
    expect(errors.join("\n")).toMatch(/lifetime\.idle[\s\S]*session\.config\.ts:\d+:\d+/);
  });

  it("fails where something is out of date, if it is to check, and writes nothing", async () => {
    const user = shop();
    const { errors } = await build(user.root, { build: "check" });
    expect(errors.join("\n")).toContain("[check/out-of-date]");
    expect(() => user.read("src/session/session.js")).toThrow();
    expect(await user.run("--no-cache")).toMatchObject({ code: 0 });
    expect(await build(user.root, { build: "check" })).toEqual({ errors: [] });
  });
});

/** Begins to watch; what is said of a build goes to `told`. */
type Watch = (root: string, told: (built: Built) => void) => Promise<() => unknown>;

const watches: Readonly<Record<string, Watch>> = {
  rollup: async (root, told) => {
    const watcher = watchRollup({
      input: join(root, "main.js"),
      output: { dir: join(root, "out") },
      plugins: [forRollup({ root })],
      onLog: () => {},
    });
    watcher.on("event", (event) => {
      if (event.code === "BUNDLE_END") told({ errors: [] });
      if (event.code === "ERROR") told(failure(event.error));
      if ("result" in event) void event.result?.close();
    });
    return () => watcher.close();
  },
  esbuild: async (root, told) => {
    const building = await context({
      ...esbuildOptions(root),
      plugins: [
        forEsbuild({ root }),
        {
          name: "told",
          setup: ({ onEnd }) => onEnd(({ errors }) => told({ errors: errors.map(({ text }) => text) })),
        },
      ],
    });
    await building.watch();
    return () => building.dispose();
  },
  webpack: (root, told) => follow(compilerOf.webpack(root, [forWebpack({ root })]), told),
  rspack: (root, told) => follow(compilerOf.rspack(root, [forRspack({ root })]), told),
};

async function follow(
  compiler: webpack.Compiler | RspackCompiler | null,
  told: (built: Built) => void,
): Promise<() => unknown> {
  (compiler as webpack.Compiler).watch({ aggregateTimeout: 20 }, (_error, stats) =>
    told({ errors: (stats?.compilation.errors ?? []).map(({ message }) => message) }),
  );
  return () => new Promise((resolve) => compiler?.close(resolve));
}

describe.each(Object.entries(watches))("%s, when it watches,", (_name, watch) => {
  it("regenerates when the config changes, and tells what is wrong until it is mended", async () => {
    const user = shop();
    const built: Built[] = [];
    const end = await watch(user.root, (one) => void built.push(one));
    onTestFinished(async () => void (await end()));
    const emitted = () => {
      try {
        return user.read("src/session/session.js");
      } catch {
        return "";
      }
    };
    await expect.poll(() => built.at(-1)).toEqual({ errors: [] });
    expect(emitted()).toContain("get visits()");
    user.write({ "session.config.ts": wrong });
    await expect.poll(() => built.at(-1)?.errors.join()).toMatch(/lifetime\.idle/);
    user.write({ "session.config.ts": withTheme });
    await expect.poll(() => built.at(-1)?.errors).toEqual([]);
    expect(emitted()).toContain("get theme()");
  });
});

describe("vite, in development,", () => {
  it("regenerates, shows what is wrong over the page, and keeps the store", async () => {
    vi.stubEnv("NODE_ENV", "development");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { root, ...user } = shop();
    const server = await createServer({
      root,
      configFile: false,
      logLevel: "silent",
      appType: "custom",
      server: { middlewareMode: true, ws: false },
      plugins: [forVite({ root })],
    });
    onTestFinished(() => server.close());
    const sent: unknown[] = [];
    vi.spyOn(server.ws, "send").mockImplementation((payload: unknown) => void sent.push(payload));
    const load = async () => {
      const { ssr } = server.environments;
      if (!isRunnableDevEnvironment(ssr)) throw new Error("Vite's environment for servers runs modules");
      return ssr.runner.import("/src/session/index.js");
    };
    const visit = async (cookie = "") => {
      const session = await (await load()).sessions.open(cookie);
      session.visits += 1;
      const [set = cookie] = await session.$commit();
      return { cookie: set.split(";", 1)[0], fields: session.toJSON() };
    };
    const first = await visit();
    expect(first.fields).toEqual({ visits: 1 });
    writeFileSync(join(root, "session.config.ts"), wrong);
    await expect
      .poll(() => sent)
      .toContainEqual({
        type: "error",
        err: expect.objectContaining({
          message: expect.stringContaining("lifetime.idle"),
          loc: {
            file: join(root, "session.config.ts"),
            line: expect.any(Number),
            column: expect.any(Number),
          },
        }),
      });
    user.write({ "session.config.ts": withTheme });
    await expect.poll(async () => (await visit(first.cookie)).fields.theme).toBe("light");
    expect((await visit(first.cookie)).fields.visits).toBeGreaterThan(2);
  });
});

it("what docs/build.md shows compiles", () => {
  const page = readFileSync(new URL("../../../docs/build.md", import.meta.url), "utf8");
  const shown = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [
    `src/${name}`,
    text,
  ]);
  expect(shown.length).toBeGreaterThan(5);
  const { extends: base } = JSON.parse(tsconfig);
  const compilerOptions = {
    ...{ composite: false, noEmit: true, module: "esnext", moduleResolution: "bundler", jsx: "preserve" },
    ...{ isolatedDeclarations: false, lib: ["esnext", "dom"] },
  };
  const user = project({
    ...Object.fromEntries(shown),
    "tsconfig.json": JSON.stringify({ extends: base, compilerOptions, include: ["src"] }),
  });
  expect(compile(user)).toEqual([]);
});
