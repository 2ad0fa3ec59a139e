import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formClient } from "../../examples/next/test/forms.js";
import { host } from "../../examples/next/test/host.js";
import { npmPackages } from "../../services/tools.js";
import { migrated } from "./folder.js";
import type { Running } from "./host.js";
import { ownProcess } from "./own-process.js";
import { testHost } from "./suite.js";

// The example, with the packages of Next.js 15 as a project of it has them: installed above it, ours included.
const root = fileURLToPath(new URL("../..", import.meta.url));
const example = `${root}examples/next`;
const packages = npmPackages(
  "next-15",
  ...["next@15", "react@19", "react-dom@19", "libsql@0.5"],
  ...["typescript@5.9", "@types/react@19", "@types/node@20", "cookie@1"], // the last one is for our runtime
);
const bin = join(packages, "node_modules/next/dist/bin/next");

/** As the guide has it for Next.js 15: other names, and a runtime that has files and sockets. */
const middleware = readFileSync(`${example}/src/proxy.ts`, "utf8")
  .replace("export const proxy", "export const middleware")
  .replace("export const config = {", 'export const config = {\n  runtime: "nodejs",');

const nextConfig = readFileSync(`${example}/next.config.ts`, "utf8").replace(
  "  pageExtensions,",
  `  pageExtensions,
  experimental: { useCache: true },
  outputFileTracingRoot: ${JSON.stringify(packages)},
  turbopack: { root: ${JSON.stringify(packages)} },`,
);

const cached = `import { session } from "../../session/next";

async function visits() {
  "use cache";
  return (await session()).visits;
}

export const POST = async () => {
  const { visits: read } = await session();
  return Response.json({ read, cached: await visits().catch(String) });
};
`;

const tsconfig = JSON.stringify({
  compilerOptions: {
    ...{ target: "es2022", lib: ["es2023", "dom", "dom.iterable"], types: ["node"], strict: true },
    ...{ module: "esnext", moduleResolution: "bundler", jsx: "preserve", noEmit: true },
    ...{ skipLibCheck: true, isolatedModules: true, incremental: true, allowJs: true },
    ...{ esModuleInterop: true, resolveJsonModule: true, plugins: [{ name: "next" }] },
  },
  include: ["next-env.d.ts", "src", ".next/types/**/*.ts"],
  exclude: ["node_modules"],
});

// The first one has the types checked, too.
describe.each([
  { bundler: "webpack", flags: [], config: nextConfig.replace("ignoreBuildErrors: true", "") },
  { bundler: "Turbopack", flags: ["--turbopack"], config: nextConfig },
])("Next.js 15, built by $bundler", { tags: ["slow"] }, ({ flags, config }) => {
  const folder = mkdtempSync(join(packages, "shop-"));
  let running: Running | undefined;
  afterAll(async () => {
    await running?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeAll(async () => {
    copy(example, folder, ["src"]);
    renameSync(`${folder}/src/proxy.ts`, `${folder}/src/middleware.ts`);
    copy(`${root}runtime`, `${folder}/node_modules/@sessgen/runtime`, ["dist", "package.json"]);
    copy(`${root}examples/shop`, `${folder}/node_modules/example-shop`, ["dist", "package.json"]);
    const files = { "next.config.ts": config, "src/middleware.ts": middleware, "tsconfig.json": tsconfig };
    mkdirSync(`${folder}/src/app/cached`);
    writeFileSync(`${folder}/src/app/cached/route.ts`, cached);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    const env = {
      ...process.env,
      ...{ HOST_ROUTES: "1", NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      ...{ CI: "", NODE_OPTIONS: "" },
    };
    await promisify(execFile)(process.execPath, [bin, "build", ...flags], { cwd: folder, env });
    await migrated(pathToFileURL(`${example}/test/`).href, folder);
    running = await ownProcess(pathToFileURL(`${folder}/test/`).href, {
      command: [process.execPath, bin, "start"],
      env,
    });
  });

  const there = (): Running => running ?? raise("It is not running");
  testHost({ ...host, start: async () => ({ ...there(), close: async () => {} }) });

  it('in a function with "use cache" there is no session', async () => {
    const response = await fetch(`${there().origin}/cached`, { method: "POST" });
    // In production, why is for the log alone.
    expect(await response.json()).toEqual({ read: 0, cached: expect.stringMatching(/^Error: /) });
  });

  it("middleware, pages and Server Actions have one session", async () => {
    const ada = formClient(there().origin);
    expect(await ada.page("/")).toContain("Visits: 1");
    expect((await ada.press("/", "Log in", { name: "Ada" })).status).toBe(303);
    expect(await ada.page("/")).toMatch(/Welcome, Ada.*Visits: 3/);
    await expect.poll(() => ada.page("/")).not.toContain("Welcome");
  });
});

function copy(from: string, to: string, parts: readonly string[]): void {
  for (const part of parts) cpSync(join(from, part), join(to, part), { recursive: true });
}

function raise(message: string): never {
  throw new Error(message);
}
