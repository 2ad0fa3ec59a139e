import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backends } from "../generator/src/backends/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const tarballs = { "@sessgen/runtime": "", sessgen: "" };
/** What npm says of them, such as their sizes. */
const packs: Record<
  string,
  {
    readonly size: number;
    readonly unpackedSize: number;
    readonly files: readonly { readonly path: string }[];
  }
> = {};

/** Runs a program in the folder and gives back what it printed. */
function run(program: string, args: readonly string[], cwd: string = folder): string {
  // As on a user's own machine, and not as on a build server, where no application id is made.
  // The variables npm sets for its scripts would make the npm below believe that it runs inside this repository.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_.*|CI)$/i.test(name)),
  );
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: "pipe", env });
}

beforeAll(() => {
  for (const workspace of ["runtime", "generator"]) {
    const [packed] = JSON.parse(
      run("npm", ["pack", "--json", `--workspace=${workspace}`, `--pack-destination=${folder}`], root),
    );
    packs[packed.name] = packed;
    tarballs[packed.name as keyof typeof tarballs] = join(folder, packed.filename.replace(/^@(.*)\//, "$1-"));
  }
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...Object.values(tarballs), "zod@4"]);
  writeFileSync(
    join(folder, "session.config.ts"),
    `import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({ visits: z.int().default(0), name: z.string().max(20).optional() }),
  backend: { kind: "memory" },
});
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.keys(tarballs) as (keyof typeof tarballs)[])("%s as npm packs it", (name) => {
  it("has what npm shows, and is as large as its README says", () => {
    const paths = packs[name]?.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["README.md", "LICENSE", "CHANGELOG.md", "package.json"]));
    const workspace = name === "sessgen" ? "generator" : "runtime";
    const manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8"));
    for (const member of ["description", "license", "keywords", "homepage", "bugs", "repository", "engines"])
      expect(manifest).toHaveProperty(member);
    expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
    const readme = readFileSync(join(root, workspace, "README.md"), "utf8");
    const [, ...said] = /To be downloaded: ([\d.]+) MB; installed:\s([\d.]+) MB/.exec(readme) ?? [];
    const { size = 0, unpackedSize = 0 } = packs[name] ?? {};
    for (const [index, bytes] of [size, unpackedSize].entries()) {
      expect(bytes / 1e6).toBeLessThanOrEqual(Number(said[index]));
      expect(bytes / 1e6).toBeGreaterThan(Number(said[index]) * 0.8);
    }
  });

  it("satisfies publint", () => {
    expect(
      run(process.execPath, [join(root, "node_modules/publint/src/cli.js"), tarballs[name], "--strict"]),
    ).toContain("All good");
  });

  it("satisfies are-the-types-wrong", () => {
    const cli = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    // Only configs import sessgen, and Node >= 20.19 loads ES modules with require().
    const options = name === "sessgen" ? ["--ignore-rules", "cjs-resolves-to-esm"] : [];
    const report = run(process.execPath, [cli, tarballs[name], ...options, "--format", "ascii"]);
    // A problem would have made it fail; this is what there is when it looked at all.
    expect(report).toContain(`node16 (from CJS): 🟢 (${name === "sessgen" ? "ESM" : "CJS"})`);
  });
});

describe("in an empty project outside the repository", () => {
  it("is installed without TypeScript", () => {
    expect(existsSync(join(folder, "node_modules/typescript"))).toBe(false);
  });

  it("generates a module that runs", () => {
    run("npx", ["sessgen", "--new-application"]);
    writeFileSync(
      join(folder, "use.ts"),
      `import { sessions } from "./src/session/index.js";
const first = await sessions.open(undefined);
first.visits += 1;
const [cookie] = await first.$commit();
const again = await sessions.open(String(cookie).split(";")[0]);
console.log(again.visits, again.$isNew);
await sessions.close();
`,
    );
    expect(run(process.execPath, ["--import", "tsx", "use.ts"]).trim()).toBe("1 false");
  });

  it("says that nothing is to be done the second time", () => {
    expect(() => run("npx", ["sessgen", "check"])).not.toThrow();
  });

  it("can be required from CommonJS", () => {
    const script = `
      const { SessionError } = require("@sessgen/runtime");
      const { memoryStore } = require("@sessgen/runtime/stores/memory");
      const { defineConfig } = require("sessgen");
      console.log(typeof SessionError, memoryStore().kind, typeof defineConfig);
    `;
    writeFileSync(join(folder, "use.cjs"), script);
    expect(run(process.execPath, ["use.cjs"]).trim()).toBe("function memory function");
  });

  it.each(["typescript-5.9", "typescript"])(
    "%s has no word to say to any backend, libraries and infrastructure included, though no driver is installed",
    (compiler) => {
      const user = join(folder, "user");
      mkdirSync(join(user, "src"), { recursive: true });
      const given = [...backends.values()].map(({ kind, first }) => ({ kind, code: first.code }));
      for (const [, file = ""] of given.flatMap(({ code }) => [...code.matchAll(/module: "([^"]+)"/g)]))
        writeFileSync(join(user, file), "declare const client: never;\nexport default client;\n");
      writeFileSync(join(user, "package.json"), '{ "name": "user", "type": "module" }\n');
      writeFileSync(
        join(user, "session.config.ts"),
        `import { defineConfig, env } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({ user: z.object({ id: z.string() }).optional() }),
  fields: { user: { regenerate: "on-change" } },
  backend: { ${given.map(({ kind, code }) => `"${kind}": { ${code} }`).join(",\n")} },
});
`,
      );
      run("npx", ["sessgen", "--new-application", "--no-cache"], user);
      const compilerOptions = {
        ...{ module: "nodenext", target: "es2022", lib: ["es2023"], strict: true, noEmit: true },
        ...{ skipLibCheck: false, types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
      };
      // As most tsconfigs are: all there is.
      writeFileSync(join(user, "tsconfig.json"), JSON.stringify({ compilerOptions }));
      const listed = run(
        process.execPath,
        [join(root, `node_modules/${compiler}/bin/tsc`), "--listFilesOnly"],
        user,
      );
      for (const file of ["mongodb/setup.ts", "dynamodb/sessions-table.ts"]) expect(listed).toContain(file);
      expect(run(process.execPath, [join(root, `node_modules/${compiler}/bin/tsc`)], user)).toBe("");
    },
  );
});
