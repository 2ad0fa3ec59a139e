import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { format } from "prettier";
import { Project, SyntaxKind } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { catalog } from "../../../src/cli/catalog.js";
import { loadConfig } from "../../../src/config/load.js";
import type { ResolvedConfig } from "../../../src/config/resolved.js";
import { emitModule } from "../../../src/emit/module/index.js";
import { applyLock } from "../../../src/lock/apply.js";
import { newLock } from "../../../src/lock/lock.js";
import type { Artifact } from "../../../src/output/artifact.js";
import { buildModel, configOf } from "../../model/config.js";
import { application } from "../../support/project.js";
import { broadSchema } from "./broad.js";
import { broadSchema3 } from "./broad3.js";
import { makeFolder, root } from "./emitted.js";
import { type Case, kindCases, kindCases3 } from "./kind-cases.js";

const run = promisify(execFile);

async function emit(config: ResolvedConfig): Promise<Artifact[]> {
  const built = await buildModel(config);
  const { model, lock } = applyLock(built.model, newLock(application));
  return emitModule(config, model, lock, catalog);
}

/** Every option that changes what is emitted, on a schema with names that are hard to emit. */
const options = configOf(
  z.object({
    visits: z.int().default(0).describe("How often */ they came."),
    "a-b": z.array(z.int()).optional(),
    user: z.looseObject({ id: z.string() }).optional(),
    note: z.string().optional(),
    items: z.array(z.object({ sku: z.string() })).default([]),
    log: z.array(z.string()).default([]),
    text: z.string().refine((value) => value !== "x"),
    prefs: z.object({ size: z.int() }).optional(),
    shape: z.object({ size: z.int() }).default({ size: 1 }),
    messages: z.array(z.object({ category: z.enum(["info", "error"]), text: z.string() })).default([]),
    notes: z.array(z.string()).readonly().optional().describe("What they should know."),
    logMerge: z.array(z.string()).default([]),
  }),
  {
    schemaModule: "./schema.ts",
    realm: { $env: "SESSION_REALM" },
    id: { bytes: 16 },
    fields: {
      visits: { merge: "counter", list: true },
      "a-b": { list: true },
      items: { merge: { union: "sku" } },
      log: { merge: { append: 9 }, redact: true, ttl: 600_000 },
      text: { client: true, encrypt: true },
      user: { regenerate: "on-change", identity: "id", onLogin: "drop", onNewUser: "keep" },
      "user.id": { index: true },
      note: { flash: true, index: "hashed" },
      prefs: { merge: { module: "src/merge.ts", export: "larger" } },
      shape: { merge: { module: "src/merge.ts", export: "larger" } },
      messages: { flash: true },
      notes: { flash: true, merge: { append: 3 } },
      logMerge: { merge: { module: "src/merge.ts", export: "default" } },
    },
    backends: {
      development: { kind: "memory" },
      test: { kind: "file", directory: ".sessions" },
      staging: { kind: "sqlite", file: "sessions.db" },
      production: { kind: "redis", url: { $env: "REDIS_URL" } },
    },
    encryption: { secrets: [{ $env: "ENCRYPTION_SECRET" }], payload: true },
    serializer: "json",
    cookie: {
      name: "session",
      domain: "example.com",
      path: "/app",
      secure: true,
      httpOnly: true,
      sameSite: "none",
      partitioned: true,
      priority: "high",
      secrets: [{ $env: "SECRET" }, { $env: "OLD_SECRET" }],
    },
    onStoreError: "null-session",
    maxBytes: 262_144,
  },
);
/** Each the name of something that emitted code uses itself. */
const taken = (
  "session sessionData sessionPatch sessionBase date map set list record member error promise array object string number " +
  "boolean bigint symbol function uint8Array readonly partial math json url fields store sessions index types checks " +
  "codec fieldCodec packedReader packedWriter plainCodec unreadableValue sessionDefinition fieldDefinition keptSlots " +
  "objectSlots value reader writer plain path key item schema schemaModule fail passes isRecord checkStorable readList " +
  "writeUser user pattern1 cart cartItem class default undefined nan any unknown never null void await async " +
  "then process env global window name length prototype arguments eval let static yield enum kept slots rest 1st a-b"
).split(" ");
const names = configOf(
  z.object({
    properties: z.object(Object.fromEntries(taken.map((name) => [name, z.enum(["a", "b"]).optional()]))),
    ...Object.fromEntries(
      taken.map((name) => [
        name,
        z
          .object({
            when: z.date(),
            list: z.array(z.map(z.string(), z.set(z.date()))),
            either: z.union([z.instanceof(Uint8Array), z.string().regex(/^a/)]),
          })
          .optional(),
      ]),
    ),
  }),
);
/** What `schemaModule` names in the case above. */
const schemaFile = `import { z } from "zod";
export const schema: z.ZodObject = z.object({ text: z.string().refine((value) => value !== "x") });
`;

/** What `merge` names in the case above. */
const mergeFile = `import type { MergeFunction } from "@sessgen/runtime";
import type { Prefs } from "./session/types.js";

export function larger(_base: Prefs | undefined, mine: Prefs, theirs: Prefs): Prefs {
  return mine.size > theirs.size ? mine : theirs;
}

const longer: MergeFunction<string[]> = (_base, mine, theirs) => (mine.length > theirs.length ? mine : theirs);
export default longer;

const wrong = (base: string): string => base;
// @ts-expect-error what the emitted code says of a function of other types
void (wrong satisfies MergeFunction<Prefs>);
`;

/** How an application uses the flash lists of the case above. */
const flashFile = `import type { Session } from "./session/index.js";

export function use(session: Session): string[] {
  session.$flash("messages", { category: "error", text: "No" });
  session.$flash("notes", "Yes");
  const errors = session.$flashed("messages", (message) => message.category === "error");
  const notes: string[] = session.$flashed("notes");
  // @ts-expect-error flash, and no list
  session.$flash("note", "Yes");
  // @ts-expect-error a list, and no flash
  session.$flash("log", "Yes");
  // @ts-expect-error an element of another type
  session.$flash("messages", { category: "fatal", text: "No" });
  // @ts-expect-error elements have no such member
  session.$flashed("messages", (message) => message.level === 1);
  return [...errors.map(({ text }) => text), ...notes];
}
`;

/** How an application lists and revokes the sessions of the case above. */
const listFile = `import { type Session, sessions } from "./session/index.js";

export async function use(current: Session, id: string): Promise<readonly (number | undefined)[]> {
  const [first, ...others] = await sessions.list("user.id", id, { current });
  const ended: boolean = await sessions.revoke(first?.handle ?? "", { by: ["user.id", id] });
  // @ts-expect-error a text
  await sessions.list("user.id", 1);
  // @ts-expect-error no such index
  await sessions.list("visits", 1);
  // @ts-expect-error not marked so
  first?.data.text;
  // @ts-expect-error no such index
  await sessions.revoke("", { by: ["visits", 1] });
  // @ts-expect-error the value of another type
  await sessions.revoke("", { by: ["user.id", 1] });
  const list: readonly number[] | undefined = first?.data["a-b"];
  await sessions.revokeAll();
  return ended ? others.map(({ data }) => data.visits) : (list ?? []);
}
`;

/** How an application uses the module of the quickstart: what must compile, and what must not. */
const use = `import type { Session, SessionData, SessionPatch } from "./index.js";
import { sessions } from "./index.js";

export async function use(cookie: string): Promise<readonly string[]> {
  const session: Session = await sessions.open(cookie);
  const name: string | undefined = session.user?.name;
  const visits: number = session.visits;
  session.visits += 1;
  session.cart.push({ sku: "a", quantity: visits });
  session.theme = "dark";
  session.notice = name;
  session.notice = undefined;
  const role: "admin" | "member" | undefined = session.user?.roles[0];
  session.user = { id: "", name: "", roles: role === undefined ? [] : [role] };
  // @ts-expect-error no such member
  session.themes;
  // @ts-expect-error no such theme
  session.theme = "blue";
  // @ts-expect-error there are no flash lists
  session.$flash("notice", "a");
  // @ts-expect-error a number
  session.visits = "1";
  // @ts-expect-error never absent
  session.visits = undefined;
  // @ts-expect-error incomplete
  session.user = { id: "" };
  const patch: SessionPatch = { theme: "light", notice: undefined };
  session.$assign(patch);
  const data = { cart: [], visits: 1, theme: "light" } satisfies SessionData;
  session.$assign(data);
  return session.$commit();
}
`;

const cases: readonly (readonly [string, () => Promise<ResolvedConfig>])[] = [
  ["quickstart", async () => (await loadConfig({ cwd: root, config: "session.config.ts" }, catalog)).config],
  ["broad", async () => configOf(broadSchema)],
  ["broad-3", async () => configOf(broadSchema3)],
  ["kinds", async () => configOf(z.object(shapeOf(kindCases) as Record<string, z.ZodType>))],
  ["kinds-3", async () => configOf(z3.object(shapeOf(kindCases3) as Record<string, z3.ZodTypeAny>))],
  ["options", async () => options],
  ["names", async () => names],
  ["empty", async () => configOf(z.object({}))],
  ["one-of-zod-3", async () => configOf(z3.object({ a: z3.string().optional() }))],
];
const shapeOf = (table: Readonly<Record<string, Case>>): Record<string, Case["schema"]> =>
  Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, schema]));
const modules = new Map<string, readonly Artifact[]>();
let folder = "";

beforeAll(async () => {
  folder = await makeFolder("compile");
  for (const [name, config] of cases) {
    const artifacts = await emit({ ...(await config()), output: "src/session" });
    modules.set(name, artifacts);
    await mkdir(`${folder}/${name}/src/session`, { recursive: true });
    for (const { path, content } of artifacts) await writeFile(`${folder}/${name}/${path}`, content);
  }
  await writeFile(`${folder}/options/schema.ts`, schemaFile);
  await writeFile(`${folder}/options/src/merge.ts`, mergeFile);
  await writeFile(`${folder}/options/src/flash.ts`, flashFile);
  await writeFile(`${folder}/options/src/list.ts`, listFile);
  await writeFile(`${folder}/quickstart/src/session/use.ts`, use);
  const flags = [
    "strict",
    "exactOptionalPropertyTypes",
    "noUncheckedIndexedAccess",
    "noPropertyAccessFromIndexSignature",
    "verbatimModuleSyntax",
    "isolatedDeclarations",
    "declaration",
    "noUnusedLocals",
    "noUnusedParameters",
    "noImplicitOverride",
    "noImplicitReturns",
    "noFallthroughCasesInSwitch",
    "noEmit",
    "skipLibCheck",
  ];
  const compilerOptions = {
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
    target: "es2022",
    lib: ["es2023"],
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
  await writeFile(`${folder}/package.json`, '{ "type": "module" }');
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the emitted module", () => {
  it.each(["typescript-5.9", "typescript-6", "typescript"])(
    "compiles without a word under %s",
    async (name) => {
      const compiler = `${root}node_modules/${name}/bin/tsc`;
      const { stdout } = await run(process.execPath, [compiler, "-p", folder, "--pretty", "false"]).catch(
        (error: unknown) => ({ stdout: (error as { stdout: string }).stdout }),
      );
      // Paths of the runtime's own sources are its own tests' affair.
      expect(
        stdout.split("\n").filter((line) => line.includes("compile-") || line.startsWith("error")),
      ).toEqual([]);
    },
    // Nine modules, and the runtime with each.
    240_000,
  );

  it.each(["quickstart", "broad-3", "options", "empty"])("is what was reviewed: %s", async (name) => {
    for (const { path, content } of modules.get(name) ?? []) {
      await expect(content).toMatchFileSnapshot(`__snapshots__/${name}/${basename(path)}.txt`);
    }
  });

  it.each(cases.map(([name]) => name))("is left by prettier as it is: %s", async (name) => {
    for (const { path, content } of modules.get(name) ?? []) {
      expect(await format(content, { parser: "typescript", printWidth: 100 }), path).toBe(content);
    }
  });

  it("is left by biome as it is, and there is nothing to mend", async () => {
    // Not below node_modules, where biome does not look.
    const copies = await mkdtemp(`${tmpdir()}/sessgen-biome-`);
    const formatter = { indentStyle: "space", lineWidth: 100 };
    // One of the fields of `names` is called so on purpose.
    // In a literal, the flag v takes ES2024.
    const linter = {
      rules: { suspicious: { noThenProperty: "off" }, complexity: { useRegexLiterals: "off" } },
    };
    await writeFile(`${copies}/biome.json`, JSON.stringify({ root: true, formatter, linter }));
    for (const [name, artifacts] of modules) {
      await mkdir(`${copies}/${name}`);
      for (const { path, content } of artifacts)
        await writeFile(`${copies}/${name}/${basename(path)}`, content);
    }
    const { stdout, stderr } = await run(
      `${root}node_modules/.bin/biome`,
      ["check", "--error-on-warnings", "--diagnostic-level=warn", ...modules.keys()],
      {
        cwd: copies,
      },
    ).catch((error: unknown) => error as { stdout: string; stderr: string });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Checked \d+ files in .*\. No fixes applied\.\n$/);
    await rm(copies, { recursive: true });
  });

  it.each(cases.filter(([name]) => name !== "names"))(
    "comes out the same every time: %s",
    async (name, config) => {
      expect(await emit({ ...(await config()), output: "src/session" })).toEqual(modules.get(name));
    },
  );

  it("says what made it, and has no any", () => {
    const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
    for (const { path, content } of [...modules.values()].flat()) {
      expect(dirname(path)).toBe("src/session");
      expect(content).toMatch(/^\/\/ Generated by sessgen\. Do not edit: change session\.config\.ts/);
      const file = project.createSourceFile(`/${path}`, content, { overwrite: true });
      expect(file.getDescendantsOfKind(SyntaxKind.AnyKeyword)).toEqual([]);
      expect(content.endsWith("\n") && !content.endsWith("\n\n")).toBe(true);
    }
  });
});
