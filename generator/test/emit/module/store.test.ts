import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { serviceUrl } from "../../../../services/client.js";
import { backends } from "../../../src/backends/index.js";
import { catalog } from "../../../src/cli/catalog.js";
import type { BackendConfig } from "../../../src/config/values.js";
import { emitModule } from "../../../src/emit/module/index.js";
import { specifierOf } from "../../../src/emit/module/specifier.js";
import { newLock } from "../../../src/lock/lock.js";
import { buildModel, configOf } from "../../model/config.js";
import { application } from "../../support/project.js";
import { makeFolder, root } from "./emitted.js";

const run = promisify(execFile);

/** The emitted `store.ts`. */
async function storeFile(given: Record<string, BackendConfig>): Promise<string> {
  const config = configOf(z.object({}), { backends: given });
  const { model } = await buildModel(config);
  const artifacts = await emitModule(config, model, newLock(application), catalog);
  return artifacts.find(({ path }) => path.endsWith("/store.ts"))?.content ?? "";
}

describe("how emitted code imports a module of the application's", () => {
  it.each<[string, { output: string; extension: ".js" | ".ts" | ""; want: string }]>([
    ["./store.ts", { output: "src/session", extension: ".js", want: "../../store.js" }],
    ["store.ts", { output: "src/session", extension: ".ts", want: "../../store.ts" }],
    ["src/store.tsx", { output: "src/session", extension: "", want: "../store" }],
    ["./src/session/store.ts", { output: "src/session", extension: ".js", want: "./store.js" }],
    ["./src/store.mts", { output: "src/session", extension: ".js", want: "../store.mjs" }],
    ["./src/store.mts", { output: "src/session", extension: "", want: "../store.mjs" }],
    ["./src/store.cts", { output: "src/session", extension: ".ts", want: "../store.cts" }],
    ["./src/store.js", { output: "./src/session", extension: "", want: "../store.js" }],
    ["..\\shared\\store.ts", { output: "src/session", extension: ".js", want: "../../../shared/store.js" }],
    ["store.ts", { output: ".", extension: ".js", want: "./store.js" }],
  ])("%s", (module, { output, extension, want }) => {
    expect(specifierOf(module, { root: "/app", output, importExtension: extension })).toBe(want);
  });
});

it.each<[string, { given: Record<string, BackendConfig>; want: string }]>([
  ["a store", { given: { default: { kind: "memory" } }, want: "SessionStore" }],
  [
    "what sessions travel in",
    { given: { default: { kind: "cookie", secrets: [{ $env: "SECRET" }] } }, want: "SessionCarrier" },
  ],
  [
    "either, by the environment",
    {
      given: {
        production: { kind: "cookie", secrets: [{ $env: "SECRET" }] },
        development: { kind: "memory" },
      },
      want: "SessionCarrier | SessionStore",
    },
  ],
])("says that it makes %s", async (_name, { given, want }) => {
  expect(await storeFile(given)).toContain(`export function store(): ${want} {`);
});

/** What an application exports for each kind of backend, and the call that uses it. */
const cases = {
  keyv: {
    own: `import { Keyv } from "keyv";\nexport default new Keyv();\n`,
    given: { kind: "keyv", module: "./own.ts", prefix: "s:" },
    call: `keyvStore({ keyv: () => import("../../own.js"), prefix: "s:" })`,
  },
  unstorage: {
    own: `import { createStorage } from "unstorage";\nexport default createStorage();\n`,
    given: { kind: "unstorage", module: "./own.ts" },
    call: `unstorageStore({ storage: () => import("../../own.js") })`,
  },
  redis: {
    own: `import { Redis } from "ioredis";\nexport default new Redis(process.env["OWN_REDIS"] ?? "");\n`,
    given: { kind: "redis", client: "./own.ts", url: { $env: "ADMIN_URL" }, prefix: "own:" },
    call: `redisStore({ client: () => import("../../own.js"), prefix: "own:" })`,
  },
  "express-store": {
    own: `import session from "express-session";
declare module "express-session" {
  interface SessionData {
    user: string;
  }
}
export default new session.MemoryStore();
`,
    given: { kind: "express-store", module: "./own.ts" },
    call: `expressStore({ store: () => import("../../own.js") })`,
  },
} as const;

const use = `import { store } from "./src/session/store.js";

async function main(): Promise<void> {
  const sessions = store();
  await sessions.write("a", Uint8Array.of(7), { expect: "absent", expiresAt: Date.now() + 60_000 });
  console.log((await sessions.read("a"))?.payload[0]);
}
// What the application opened itself stays open.
void main().then(() => process.exit());
`;

describe.each(["module", "commonjs"])('a backend that a module of a "%s" package exports', (type) => {
  let folder = "";

  beforeAll(async () => {
    folder = await makeFolder(`store-${type}`);
    const write = async (name: string, content: string): Promise<void> => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    };
    for (const [kind, { own, given }] of Object.entries(cases)) {
      await write(`${kind}/own.ts`, own);
      await write(`${kind}/src/session/store.ts`, await storeFile({ default: given }));
      await write(`${kind}/use.ts`, use);
    }
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      esModuleInterop: true,
      target: "es2022",
      module: "nodenext",
      types: ["node"],
      paths: {
        "@sessgen/runtime": [`${root}runtime/src/index.ts`],
        "@sessgen/runtime/stores/express-store": [
          `${root}runtime/src/adapters/express-session/from-express-store.ts`,
        ],
        "@sessgen/runtime/*": [`${root}runtime/src/*/index.ts`, `${root}runtime/src/*.ts`],
      },
    };
    await write("package.json", JSON.stringify({ type }));
    // By another name than tsx looks for: it would take up the paths in CommonJS, and not in ES modules.
    await write("compile.json", JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("compiles", async () => {
    const compiler = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = await run(process.execPath, [
      compiler,
      "-p",
      `${folder}/compile.json`,
      "--pretty",
      "false",
    ]).catch((error: unknown) => ({ stdout: (error as { stdout: string }).stdout }));
    // Paths of the runtime's own sources are its own tests' affair.
    expect(stdout.split("\n").filter((line) => /store-|^error/.test(line))).toEqual([]);
  });

  it.each(Object.keys(cases))("is used: %s", async (kind) => {
    const tsx = `${root}node_modules/tsx/dist/cli.mjs`;
    const env = { ...process.env, OWN_REDIS: await serviceUrl("redis") };
    const { stdout } = await run(process.execPath, [tsx, `${kind}/use.ts`], { cwd: folder, env });
    expect(stdout).toBe("7\n");
  });
});

/** The items of lists in comments, each on one line. */
function unwrapped(text: string): string {
  return text.replaceAll("\n *   ", " ");
}

describe("the emitted store", () => {
  it.each(Object.entries(cases))(
    "calls the factory with what is imported: %s",
    async (_kind, { given, call }) => {
      expect(await storeFile({ default: given })).toContain(`return ${call};`);
    },
  );

  it("says what its backends cannot do, once for each kind", async () => {
    const given = { kind: "lmdb", path: ".data/sessions" };
    const [first = ""] = backends.get("lmdb")?.limits ?? [];
    expect(unwrapped(await storeFile({ default: given }))).toContain(
      `/**\n * Opens the store of the sessions.\n *\n * - ${first}\n`,
    );
    const several = unwrapped(
      await storeFile({ development: given, test: given, production: cases.keyv.given }),
    );
    expect(several.split(` * - lmdb: ${first}\n`).length).toBe(2);
    expect(several).toContain(` * - keyv: ${backends.get("keyv")?.limits?.[0]}\n`);
    expect(await storeFile({ default: { kind: "memory" } })).toContain(
      "/** Opens the store of the sessions. */",
    );
  });

  it("imports a module only in the environment that uses it", async () => {
    const text = await storeFile({ development: { kind: "memory" }, production: cases.keyv.given });
    expect(text).not.toMatch(/^import .*own/m);
    expect(text).toContain(`    default:\n      return ${cases.keyv.call};`);
  });

  it("does not import the reader of the environment for an option that is not passed on", async () => {
    expect(await storeFile({ default: cases.keyv.given })).not.toContain("env");
  });
});

describe("the options of a backend", () => {
  const accepts = (options: { kind: string }): boolean =>
    backends.get(options.kind)?.options.safeParse(options).success ?? false;

  it.each([
    { kind: "keyv" },
    { kind: "keyv", module: "/etc/own.ts" },
    { kind: "keyv", module: "C:\\own.ts" },
    { kind: "keyv", module: "" },
    { kind: "unstorage", module: { $env: "MODULE" } },
    { kind: "express-store", module: "./own.ts", prefix: "s:" },
    { kind: "lmdb" },
    { kind: "lmdb", path: "data", mapSize: -1 },
    { kind: "lmdb", path: "data", clock: 1 },
  ])("are refused: %j", (options) => {
    expect(accepts(options)).toBe(false);
  });

  it.each([
    { kind: "keyv", module: "./own.ts", prefix: "s:" },
    { kind: "unstorage", module: "../own.mjs", prefix: { $env: "PREFIX" } },
    { kind: "express-store", module: "own.js" },
    { kind: "lmdb", path: { $env: "SESSIONS" }, mapSize: 1_000_000, prefix: "s:" },
  ])("are accepted: %j", (options) => {
    expect(accepts(options)).toBe(true);
  });
});
