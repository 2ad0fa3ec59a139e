import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { emitted, root } from "../emit/module/emitted.js";
import { acceptedOf, schemaOf, schemaText } from "./accepted.js";
import { recipes } from "./recipes.js";

const run = promisify(execFile);

/**
 * What TypeScript cannot compare, or what is another type on purpose, as `any` is; and defaults that
 * may be of another type than their schemas.
 */
const incomparable =
  /unknown\(\)\.nonoptional\(\)\.readonly|catchall|Node|nativeEnum|z\.(any|json)\(|\.brand\(|object\(\{ {2}\}\)|\}\) as never|(?<!z\.unknown\(\))\.pipe\(/;

/** Both sides flattened, so that an intersection is the object that it is. */
const comparison = `
type Flat<T> = unknown extends T ? unknown
  : T extends Uint8Array ? Uint8Array
  : T extends Date | string | number | bigint | boolean | null | undefined ? T
  : T extends Map<infer K, infer V> ? Map<Flat<K>, Flat<V>>
  : T extends Set<infer V> ? Set<Flat<V>>
  : T extends ReadonlyMap<infer K, infer V> ? ReadonlyMap<Flat<K>, Flat<V>>
  : T extends ReadonlySet<infer V> ? ReadonlySet<Flat<V>>
  : { [K in keyof T]: Flat<T[K]> };
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : Flat<A>;
type Equal<A, B> = Same<Flat<A>, Flat<B>>;
`;

it.each([
  [4, { given: 'import { z } from "zod";' }],
  [3, { given: 'import { z } from "zod-3";' }],
] as const)("emitted code compiles, and its types are z.output of Zod %i", async (zod, { given }) => {
  const seed = Number(process.env["SEED"] ?? 1);
  const some = fc.sample(recipes(zod), { seed, numRuns: 300 });
  const { recipes: all } = await acceptedOf(zod, some);
  const own = all.map(({ recipe }) => recipe).filter(({ text }) => !incomparable.test(text));
  const text = schemaText(own);
  const module = await emitted("differential-types", schemaOf(zod, text));
  try {
    const lines = own.map(
      (_, index) =>
        `export const t${index}: Equal<Own["f${index}"], Exclude<SessionData["f${index}"], undefined>> = true;`,
    );
    await writeFile(
      `${module.folder}/equal.ts`,
      `${given}\nimport type { SessionData } from "./types.js";\nconst schema = ${text};\ntype Own = z.output<typeof schema>;\n${comparison}\n${lines.join("\n")}\n`,
    );
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noEmit: true,
      skipLibCheck: true,
      target: "es2022",
      lib: ["es2023"],
      module: "nodenext",
      types: ["node"],
    };
    await writeFile(`${module.folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const compiler = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = await run(process.execPath, [compiler, "-p", module.folder, "--pretty", "false"], {
      maxBuffer: 2 ** 26,
    }).catch((error: unknown) => error as { stdout: string });
    const source = (await readFile(`${module.folder}/equal.ts`, "utf8")).split("\n");
    const texts = stdout.split("\n").flatMap((line) => {
      const [, file, at, message] = /(\w+\.ts)\((\d+),\d+\): (error.*)/.exec(line) ?? [];
      if (at === undefined) return [];
      if (file !== "equal.ts") return [line];
      const index = Number(/^export const t(\d+)/.exec(source[Number(at) - 1] ?? "")?.[1] ?? -1);
      return [`${own[index]?.text ?? source[Number(at) - 1]}: ${message}`];
    });
    expect(texts).toEqual([]);
  } finally {
    if (process.env["KEEP"] === undefined) await rm(module.folder, { recursive: true, force: true });
    else console.log(module.folder);
  }
});
