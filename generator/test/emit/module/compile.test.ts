import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Project, type SourceFile } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedConfig } from "../../../src/config/resolved.js";
import { writeChecks } from "../../../src/emit/module/checks.js";
import { writeEntry } from "../../../src/emit/module/entry.js";
import { writeFields } from "../../../src/emit/module/fields.js";
import { writeSession } from "../../../src/emit/module/session.js";
import { writeStore } from "../../../src/emit/module/store.js";
import { writeTypes } from "../../../src/emit/module/types.js";
import type { Field, SessionModel, Type } from "../../../src/model/model.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const cache = `${root}node_modules/.cache/sessgen-tests/`;
const number = { kind: "number", integer: true, finite: true } as const;
const field = (name: string, slot: number, type: Type, more: Partial<Field> = {}): Field => ({
  name,
  slot,
  type,
  optional: false,
  mutable: false,
  policy: {},
  ...more,
});
const model: SessionModel = {
  zod: 4,
  types: {},
  refinements: [],
  fields: [
    field("visits", 0, number, {
      description: "How often */ they came.",
      default: { kind: "json", value: 0 },
      policy: { merge: "counter" },
    }),
    field("a-b", 1, { kind: "array", element: number }, { optional: true, mutable: true }),
    field(
      "user",
      2,
      {
        kind: "object",
        name: "User",
        rest: "loose",
        properties: [{ name: "id", slot: 0, optional: false, type: { kind: "string", patterns: [] } }],
      },
      { optional: true, mutable: true },
    ),
  ],
};
const config: ResolvedConfig = {
  file: "/app/session.config.ts",
  root: "/app",
  schema: undefined,
  fields: {},
  backends: { development: { kind: "memory" }, production: { kind: "memory", maxEntries: 10 } },
  serializer: "packed",
  lifetime: { idle: 1_800_000, absolute: 43_200_000, permanent: { idle: 86_400_000, absolute: 172_800_000 } },
  cookie: {
    name: "__Host-session",
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    partitioned: false,
    secrets: [{ $env: "SECRET" }],
  },
  onStoreError: "error",
  frameworks: [],
  output: "src/session",
  infrastructure: "infrastructure",
  lock: "sessgen.lock.json",
  importExtension: ".js",
};
const memory = { module: "@sessgen/runtime/stores/memory", factory: "memoryStore" };
const writers: readonly (readonly [string, (file: SourceFile) => void])[] = [
  ["types.ts", (file) => writeTypes(file, model)],
  ["checks.ts", (file) => writeChecks(file, model, { importExtension: ".js" })],
  ["fields.ts", (file) => writeFields(file, model, ".js")],
  ["session.ts", (file) => writeSession(file, model, ".js")],
  ["store.ts", (file) => writeStore(file, config, () => memory)],
  ["index.ts", (file) => writeEntry(file, config, model)],
];
/** Stands for the serializer, which has tests of its own. */
const codec = `import type { FieldCodec } from "@sessgen/runtime";
import type { User } from "./types.js";
export declare const visitsCodec: FieldCodec<number>;
export declare const aBCodec: FieldCodec<number[]>;
export declare const userCodec: FieldCodec<User>;
`;
let folder = "";

beforeAll(async () => {
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(`${cache}compile-`);
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  await writeFile(`${folder}/codec.ts`, codec);
  for (const [name, write] of writers) {
    const file = project.createSourceFile(`/${name}`);
    write(file);
    file.formatText({ indentSize: 2 });
    await writeFile(`${folder}/${name}`, file.getFullText());
  }
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
      "@sessgen/runtime/*": [`${root}runtime/src/*.ts`],
    },
  };
  await writeFile(`${folder}/package.json`, '{ "type": "module" }');
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
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
  );
});
