// `npm run guards:types`: type-checks what `npm run build` does not compile, the tests and what
// they are made with. Those of an example are checked by themselves: each says in its own way what
// a request has.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "jsonc-parser";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".cache/types");
const compiler = join(root, "node_modules/typescript/bin/tsc");

const examples = readdirSync(join(root, "examples")).filter((name) =>
  existsSync(join(root, "examples", name, "test")),
);
mkdirSync(folder, { recursive: true });
const projects = [join(root, "tsconfig.tests.json"), ...examples.map(projectOf)];
for (const project of projects) {
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

/** Writes the config that an example is checked by, with its tests. */
function projectOf(name) {
  const from = (path) => relative(folder, join(root, path)).replaceAll("\\", "/");
  const file = join(folder, `${name}.json`);
  const own = `examples/${name}/tsconfig.json`;
  // Where a framework has its files elsewhere, the example says so.
  const { include = ["src"] } = parse(readFileSync(join(root, own), "utf8"));
  const files = [...include, "test"].map((path) => `examples/${name}/${path}`);
  const config = {
    extends: from(own),
    compilerOptions: {
      ...{ composite: false, noEmit: true, rootDir: from(""), isolatedDeclarations: false },
      allowJs: true,
      // To vitest all tests are ES modules, those of CommonJS packages, too.
      ...{ module: "esnext", moduleResolution: "bundler" },
    },
    include: [...files, "services/vitest.ts", "test/ambient"].map(from),
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
