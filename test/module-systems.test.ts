import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { config, lockText, type Project, project } from "../generator/test/support/project.js";

const root = fileURLToPath(new URL("..", import.meta.url));
mkdirSync(`${root}.cache`, { recursive: true });
/** Inside of the repository, so that the tools are found; the runtime is there as npm packs it. */
const folder = mkdtempSync(`${root}.cache/module-systems-`);

/** Runs a program of the repository's packages, or Node itself; fails with all that it said. */
function run(cwd: string, script: string, ...args: readonly string[]): string {
  const file = script.startsWith("--")
    ? script
    : join(script.startsWith("./") ? cwd : `${root}node_modules`, script);
  const env = { ...process.env, NODE_ENV: undefined, NODE_OPTIONS: "", NEXT_TELEMETRY_DISABLED: "1", CI: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd,
    encoding: "utf8",
    env,
  });
  if (status !== 0)
    throw new Error(`${script} ${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

beforeAll(() => {
  const npm = (...args: readonly string[]) => spawnSync("npm", args, { cwd: root, encoding: "utf8" }).stdout;
  const [{ filename }] = JSON.parse(
    npm("pack", "--json", "--workspace=runtime", `--pack-destination=${folder}`),
  );
  const target = join(folder, "node_modules/@sessgen/runtime");
  mkdirSync(target, { recursive: true });
  spawnSync("tar", [
    "-xzf",
    join(folder, filename.replace(/^@(.*)\//, "$1-")),
    "--strip-components=1",
    "-C",
    target,
  ]);
  // What needs the compiler's API, which TypeScript 7 has no more: ts-node and Next.js look for it from the project, ts-jest
  // from where it is itself.
  symlinkSync(`${root}node_modules/typescript-5.9`, join(folder, "node_modules/typescript"));
  cpSync(`${root}node_modules/ts-jest`, join(folder, "node_modules/ts-jest"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Uses the emitted module; `ending` is what the project's own imports have. */
const use = (ending: string): string => `import { sessions } from "./session/index${ending}";

export async function visit(): Promise<number> {
  const session = await sessions.open(undefined);
  session.visits += 1;
  session.seen = ["a"];
  const cookies: string[] = (await session.$commit()).map(String);
  const again = await sessions.open(cookies[0]?.split(";")[0]);
  again.visits += again.seen.length;
  return again.visits;
}
`;
const main = (ending: string): string => `import { visit } from "./use${ending}";

void visit().then((visits) => console.log("visits:", visits));
`;
const merge = `export function either(_base: unknown, mine: string[], theirs: string[]): string[] {
  return mine.length > theirs.length ? mine : theirs;
}
`;
const declared = config(
  "visits: z.int().default(0), seen: z.array(z.string()).default([])",
  'backend: { kind: "memory" }, fields: { seen: { merge: { module: "./src/merge.ts", export: "either" } } }',
);

interface Given {
  /** Of package.json. */
  readonly type?: "module" | "commonjs";
  readonly packages?: readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A project with its session module generated, and what sessgen said on the way. */
async function generated({ type, packages = [], compilerOptions, files = {} }: Given, ending: string) {
  const strict = {
    strict: true,
    target: "es2022",
    lib: ["es2023", "dom"],
    types: ["node"],
    skipLibCheck: false,
  };
  const user = project(
    {
      "package.json": JSON.stringify({
        name: "user",
        ...(type && { type }),
        devDependencies: Object.fromEntries(packages.map((name) => [name, "*"])),
      }),
      "session.config.ts": declared,
      "src/merge.ts": merge,
      "src/use.ts": use(ending),
      "src/main.ts": main(ending),
      ...(compilerOptions && {
        "tsconfig.json": JSON.stringify({
          compilerOptions: { ...strict, rootDir: "src", outDir: "dist", ...compilerOptions },
          include: ["src"],
        }),
      }),
      ...files,
    },
    mkdtempSync(join(folder, "project-")),
  );
  return { user, said: await user.run() };
}

const tsc = "typescript/bin/tsc";
const tsc59 = "typescript-5.9/bin/tsc";
const bundler = { module: "esnext", moduleResolution: "bundler", noEmit: true };
const nodenext = { module: "nodenext" };

/** Bundlers want a loader for TypeScript that does not look at imports. */
const loader = `module.exports = function (text) {
  return require("esbuild").transformSync(text, { loader: "ts", format: "esm" }).code;
};
`;
const webpackConfig = (extra = ""): string => `module.exports = {
  mode: "development",
  devtool: false,
  target: "node",
  entry: "./src/main.ts",
  output: { path: __dirname + "/dist", filename: "main.cjs" },
  resolve: { extensions: [".ts", ".js"]${extra} },
  module: { rules: [{ test: /\\.ts$/, use: "./loader.cjs" }] },
};
`;

describe("what is emitted is found by", () => {
  it.each<[string, { given: Given; want: string; run: (cwd: string) => string }]>([
    [
      "tsc for ES modules of Node",
      {
        given: { type: "module", compilerOptions: nodenext },
        want: ".js",
        run: (cwd) => run(cwd, tsc) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for ES modules of Node 16",
      {
        given: { type: "module", compilerOptions: { module: "node16" } },
        want: ".js",
        run: (cwd) => run(cwd, tsc59) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for ES modules of Node, which rewrites imports of .ts",
      {
        given: { type: "module", compilerOptions: { ...nodenext, rewriteRelativeImportExtensions: true } },
        want: ".ts",
        run: (cwd) => run(cwd, tsc) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for a CommonJS package, nodenext",
      {
        given: { compilerOptions: nodenext },
        want: "",
        run: (cwd) => run(cwd, tsc) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for a CommonJS package, node16, which may not require ES modules",
      {
        given: { type: "commonjs", compilerOptions: { module: "node16" } },
        want: "",
        run: (cwd) => run(cwd, tsc59) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for CommonJS, with a resolution that knows no exports",
      {
        given: { compilerOptions: { module: "commonjs", moduleResolution: "node" } },
        want: "",
        run: (cwd) => run(cwd, tsc59) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for CommonJS, TypeScript 7",
      {
        given: { compilerOptions: { module: "commonjs" } },
        want: "",
        run: (cwd) => run(cwd, tsc) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc for ES modules, from before Node's resolution was an option",
      {
        given: { type: "module", compilerOptions: { module: "es2022", moduleResolution: "node" } },
        want: ".js",
        run: (cwd) => run(cwd, tsc59) + run(cwd, "./dist/main.js"),
      },
    ],
    [
      "tsc and esbuild",
      {
        given: { type: "module", compilerOptions: bundler },
        want: "",
        run: (cwd) => run(cwd, tsc) + esbuild(cwd) + run(cwd, "./dist/main.cjs"),
      },
    ],
    [
      "tsx, in an ES module package with imports of .ts",
      {
        given: { type: "module", compilerOptions: { ...bundler, allowImportingTsExtensions: true } },
        want: ".ts",
        run: (cwd) => run(cwd, tsc) + run(cwd, "tsx/dist/cli.mjs", "src/main.ts"),
      },
    ],
    [
      "tsx, in an ES module package for bundlers",
      {
        given: { type: "module", compilerOptions: bundler },
        want: "",
        run: (cwd) => run(cwd, "tsx/dist/cli.mjs", "src/main.ts"),
      },
    ],
    [
      "tsx, in a CommonJS package",
      {
        given: { compilerOptions: nodenext },
        want: "",
        run: (cwd) => run(cwd, "tsx/dist/cli.mjs", "src/main.ts"),
      },
    ],
    [
      "tsx, without a tsconfig of its own",
      { given: { type: "module" }, want: ".js", run: (cwd) => run(cwd, "tsx/dist/cli.mjs", "src/main.ts") },
    ],
    [
      "ts-node, CommonJS",
      {
        given: { compilerOptions: { module: "commonjs", moduleResolution: "node" } },
        want: "",
        run: (cwd) => run(cwd, "ts-node/dist/bin.js", "src/main.ts"),
      },
    ],
    [
      "ts-node, ES modules",
      {
        given: { type: "module", compilerOptions: nodenext },
        want: ".js",
        run: (cwd) => run(cwd, "--loader=ts-node/esm", "src/main.ts"),
      },
    ],
    [
      "webpack",
      {
        given: {
          type: "module",
          packages: ["webpack"],
          compilerOptions: bundler,
          files: { "loader.cjs": loader, "webpack.config.cjs": webpackConfig() },
        },
        want: "",
        run: (cwd) => build(cwd, "webpack.config.cjs") + run(cwd, "./dist/main.cjs"),
      },
    ],
    [
      "webpack, which was told of the sources behind .js",
      {
        given: {
          type: "module",
          packages: ["webpack"],
          compilerOptions: nodenext,
          files: {
            "loader.cjs": loader,
            "webpack.config.cjs": webpackConfig(', extensionAlias: { ".js": [".ts", ".js"] }'),
          },
        },
        want: ".js",
        run: (cwd) => build(cwd, "webpack.config.cjs") + run(cwd, "./dist/main.cjs"),
      },
    ],
    [
      "Vite, whose starter has one tsconfig for the application and one for itself",
      {
        given: {
          type: "module",
          packages: ["vite"],
          files: {
            "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
            "tsconfig.app.json": JSON.stringify({
              compilerOptions: {
                ...{ ...bundler, target: "es2023", lib: ["es2023", "dom"], types: ["node"], strict: true },
                ...{ allowImportingTsExtensions: true, verbatimModuleSyntax: true, erasableSyntaxOnly: true },
                ...{ moduleDetection: "force", noUnusedLocals: true, noUnusedParameters: true },
              },
              include: ["src"],
            }),
          },
        },
        want: ".ts",
        run: (cwd) =>
          run(cwd, tsc, "-p", "tsconfig.app.json") +
          run(cwd, "vite/bin/vite.js", "build", "--ssr", "src/main.ts", "--logLevel", "error") +
          run(cwd, "./dist/main.js"),
      },
    ],
    [
      "vitest",
      {
        given: {
          type: "module",
          packages: ["vitest"],
          compilerOptions: bundler,
          files: {
            "vitest.config.mjs": "export default {};\n",
            "src/use.test.ts": `import { expect, it } from "vitest";
import { visit } from "./use";
it("visits", async () => {
  expect(await visit()).toBe(2);
});
`,
          },
        },
        want: "",
        run: (cwd) => `${run(cwd, "vitest/vitest.mjs", "run", "--root", cwd)}visits: 2`,
      },
    ],
    [
      "Jest, as the starter of NestJS has it",
      {
        given: {
          packages: ["jest", "ts-jest"],
          compilerOptions: {
            ...nodenext,
            ...{
              resolvePackageJsonExports: true,
              esModuleInterop: true,
              isolatedModules: true,
              declaration: true,
            },
            ...{ emitDecoratorMetadata: true, experimentalDecorators: true, types: ["node", "jest"] },
          },
          files: {
            "jest.config.json": JSON.stringify({
              moduleFileExtensions: ["js", "json", "ts"],
              rootDir: "src",
              testRegex: String.raw`.*\.spec\.ts$`,
              transform: { "^.+\\.(t|j)s$": "ts-jest" },
              testEnvironment: "node",
            }),
            "src/use.spec.ts": `import { SessionError } from "@sessgen/runtime";
import { sessions } from "./session/index";
import { visit } from "./use";
it("visits", async () => {
  expect(await visit()).toBe(2);
});
it("knows the runtime's errors", async () => {
  const session = await sessions.open(undefined);
  expect(() => { session.visits = "many" as never; }).toThrow(SessionError);
});
`,
          },
        },
        want: "",
        run: (cwd) => `${run(cwd, "jest/bin/jest.js")}visits: 2`,
      },
    ],
  ])("%s", async (_name, { given, want, run: runs }) => {
    const { user, said } = await generated(given, want);
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.ts")).toContain(`from "./fields${want}"`);
    expect(user.read("src/session/fields.ts")).toContain(`from "../merge${want}"`);
    expect(runs(user.root)).toContain("visits: 2");
  });
});

function esbuild(cwd: string): string {
  const options = { entryPoints: ["src/main.ts"], bundle: true, platform: "node", outfile: "dist/main.cjs" };
  return run(cwd, "--eval", `require("esbuild").buildSync(${JSON.stringify(options)})`);
}

/** webpack has no program of its own in its package. */
function build(cwd: string, config: string): string {
  const script = `require("webpack")(require("./${config}"), (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
});`;
  return run(cwd, "--eval", script);
}

const pages = (ending: string): Readonly<Record<string, string>> => ({
  "src/app/layout.tsx": `import type { ReactNode } from "react";
export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  "src/app/page.tsx": `import { visit } from "../use${ending}";
export default async function Page() {
  return <p>{"visits: " + (await visit())}</p>;
}
`,
  "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)} };\n`,
});
const next = {
  ...{ module: "esnext", moduleResolution: "bundler", jsx: "react-jsx", esModuleInterop: true },
  ...{ isolatedModules: true, resolveJsonModule: true, noEmit: true, allowJs: true, incremental: true },
  ...{ plugins: [{ name: "next" }], skipLibCheck: true, rootDir: undefined, types: ["node", "react"] },
};

describe("Next.js, whose starter is for bundlers", () => {
  it("builds with webpack", async () => {
    const { user, said } = await generated(
      { packages: ["next", "react"], compilerOptions: next, files: pages("") },
      "",
    );
    expect(said).toMatchObject({ code: 0, err: "" });
    run(user.root, "next/dist/bin/next", "build", "--webpack");
    expect(user.read(".next/server/app/index.html")).toContain("visits: 2");
  });

  // One build for both, as it takes its time.
  it("builds with Turbopack, also JavaScript, and for the Edge runtime, which has nothing of Node's: sessions in their cookie", async () => {
    vi.stubEnv("EDGE_SECRET", "0123456789abcdef0123456789abcdef");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { user, said } = await generated(
      {
        packages: ["next", "react"],
        compilerOptions: next,
        files: {
          ...pages(""),
          // What a cookie holds is to have bounds.
          "session.config.ts": declared
            .replace('kind: "memory"', 'kind: "cookie", secrets: [env("EDGE_SECRET")]')
            .replace("z.array(z.string())", "z.array(z.string().max(9)).max(9)"),
          // In a package that does not say that it is of modules, as create-next-app makes one.
          "admin.session.config.ts": config(
            "visits: z.int().default(0)",
            'name: "admin", backend: { kind: "memory" }, frameworks: ["next"], language: "javascript"',
          ),
          "admin.sessgen.lock.json": lockText,
          "src/app/admin/route.js": `import { adminSessionRoute } from "../../admin-session/next.js";

export const GET = adminSessionRoute((session) => new Response("visits: " + (session.visits += 1)));
`,
          "src/app/edge/route.ts": `import { withSession } from "@sessgen/runtime/http/fetch";
import { sessions } from "../../session/index";

export const runtime = "edge";

export function GET(request: Request): Promise<Response> {
  return withSession(sessions, request, (session) => {
    session.visits += 1;
    return new Response("visits: " + session.visits);
  });
}
`,
        },
      },
      "",
    );
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(await user.run("--config", "admin.session.config.ts")).toMatchObject({ code: 0, err: "" });
    expect(run(user.root, "next/dist/bin/next", "build", "--turbopack")).not.toMatch(
      /not supported in the Edge/,
    );
    expect(user.read(".next/server/app/index.html")).toContain("visits: 2");
    const server = spawn(
      process.execPath,
      [`${root}node_modules/next/dist/bin/next`, "start", "--port", "0"],
      {
        cwd: user.root,
        env: { ...process.env, NODE_ENV: "production" },
      },
    );
    onTestFinished(async () => {
      server.kill();
      await once(server, "exit");
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      server.stdout.on("data", (data) => {
        text += String(data);
        const found = /http:\/\/localhost:\d+/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      });
      server.once("exit", () => reject(new Error(text)));
    });
    const first = await fetch(`${url}/edge`);
    expect(await first.text()).toBe("visits: 1");
    const [cookie = ""] = first.headers.getSetCookie();
    expect(cookie).toContain("; Secure");
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect(await (await fetch(`${url}/edge`, { headers })).text()).toBe("visits: 2");
    expect(await (await fetch(`${url}/admin`)).text()).toBe("visits: 1");
  });
});

describe("where no ending can work, sessgen says so, with the way out", () => {
  it.each<[string, { given: Given; want: string }]>([
    [
      "Turbopack, and a tsconfig for ES modules of Node",
      {
        given: { type: "module", packages: ["next"], compilerOptions: nodenext },
        want: "Turbopack of Next.js",
      },
    ],
    [
      "webpack",
      { given: { type: "module", packages: ["webpack"], compilerOptions: nodenext }, want: "webpack" },
    ],
    ["Jest", { given: { type: "module", packages: ["jest"], compilerOptions: nodenext }, want: "Jest" }],
  ])("%s", async (_name, { given, want }) => {
    const { user, said } = await generated(given, ".js");
    expect(said.code).toBe(0);
    expect(said.err).toContain("config/unresolvable-imports");
    expect(said.err).toMatch(/tsconfig\.json:\d+:\d+/);
    expect(said.err).toContain(`${want} finds no file by ./session.js`);
    expect(said.err).toContain("allowImportingTsExtensions");
    // So does init, before there is anything to be found.
    rmSync(join(user.root, "session.config.ts"));
    const begun = await user.run("init", "--yes");
    expect(begun.code).toBe(0);
    expect(begun.err).toContain(`${want} finds no file by ./session.js`);
    user.write({ "session.config.ts": declared });
    // The way out, and the way to say that all is well.
    const { compilerOptions } = JSON.parse(user.read("tsconfig.json"));
    user.write({
      "tsconfig.json": JSON.stringify({
        compilerOptions: { ...compilerOptions, noEmit: true, allowImportingTsExtensions: true },
      }),
    });
    expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.ts")).toContain('from "./fields.ts"');
    user.write({
      "tsconfig.json": JSON.stringify({ compilerOptions }),
      "session.config.ts": declared.replace("backend:", 'importExtension: ".js", backend:'),
    });
    expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.ts")).toContain('from "./fields.js"');
  });
});

it("CommonJS that lets nobody import is named, too", async () => {
  const { said } = await generated(
    { compilerOptions: { module: "nodenext", verbatimModuleSyntax: true } },
    "",
  );
  expect(said.code).toBe(0);
  expect(said.err).toContain("config/verbatim-commonjs");
  expect(said.err).toMatch(/tsconfig\.json:\d+:\d+/);
});

it.each(
  [...readFileSync(`${root}docs/projects.md`, "utf8").matchAll(/^```ts config\n(.*?)^```$/gms)].map(
    ([, snippet = ""]) => snippet.replace(/,? \/\/.*/, "").trim(),
  ),
)("the config of docs/projects.md is taken: %s", async (snippet) => {
  const options = `backend: { kind: "memory" }, ${snippet.replace(/,$/, "")}`;
  const user = project({ "session.config.ts": config("visits: z.int().default(0)", options) });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
});

describe("a project without TypeScript gets JavaScript, with declarations", () => {
  const plain = (name: string) => ({
    "session.config.mjs": declared.replace("./src/merge.ts", `./src/${name}`),
  });
  const use = (from: string) => `${from}
const session = sessions.open(undefined).then(async (session) => {
  session.visits += 1;
  const cookies = await session.$commit();
  const again = await sessions.open(cookies[0].split(";")[0]);
  console.log("visits:", again.visits);
});
`;
  it.each<[string, { given: Record<string, string>; main: string; want: string }]>([
    [
      "ES modules",
      {
        given: {
          "package.json": '{ "name": "user", "type": "module" }',
          "src/merge.js": "export function either(base, mine, theirs) {\n  return mine;\n}\n",
          "src/main.js": use('import { sessions } from "./session/index.js";'),
          ...plain("merge.js"),
        },
        main: "./src/main.js",
        want: 'from "./fields.js"',
      },
    ],
    [
      "CommonJS",
      {
        given: {
          "package.json": '{ "name": "user" }',
          "src/merge.js": "exports.either = function either(base, mine, theirs) {\n  return mine;\n};\n",
          "src/main.js": use('const { sessions } = require("./session/index.js");'),
          ...plain("merge.js"),
        },
        main: "./src/main.js",
        want: 'require("./fields.js")',
      },
    ],
  ])("%s", async (_name, { given, main, want }) => {
    const user: Project = project(given, mkdtempSync(join(folder, "project-")));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.js")).toContain(want);
    expect(run(user.root, main)).toContain("visits: 1");
    expect(await user.run("check")).toMatchObject({ code: 0 });
    // The declarations are what an editor shows.
    user.write({
      "look.mts":
        'import { sessions } from "./src/session/index.js";\nconst session = await sessions.open(undefined);\nsession.visits = "many";\n',
      "tsconfig.look.json": JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          strict: true,
          noEmit: true,
          types: ["node"],
          target: "es2022",
        },
        files: ["look.mts"],
      }),
    });
    expect(() => run(user.root, tsc, "-p", "tsconfig.look.json")).toThrow(/look\.mts\(3,1\): error TS2322/);
  });

  it("without the decorators of NestJS, which no runtime knows", async () => {
    const user: Project = project(
      {
        "package.json": '{ "name": "user" }',
        "src/merge.js": "exports.either = (base, mine) => mine;\n",
        "src/main.js":
          'console.log(require("./session/nest.js").SessionModule.forRoot().providers.length);\n',
        "session.config.mjs": declared
          .replace("./src/merge.ts", "./src/merge.js")
          .replace("backend:", 'frameworks: ["nest"], backend:'),
      },
      mkdtempSync(join(folder, "project-")),
    );
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(run(user.root, "./src/main.js")).toBe("2\n");
  });
});
