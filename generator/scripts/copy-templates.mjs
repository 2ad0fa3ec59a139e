// Copies the repository's templates into the package, where `src/code/render.ts`, once compiled,
// looks first. Run after the compiler by the root's `build` script. What is the same is left alone:
// another process may be reading it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../../templates", import.meta.url));
const to = fileURLToPath(new URL("../dist/templates", import.meta.url));

const wanted = templates(from);
for (const name of wanted) {
  const content = readFileSync(join(from, name));
  const target = join(to, name);
  if (existsSync(target) && readFileSync(target).equals(content)) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
// A template that was deleted must not live on in the package.
for (const name of templates(to)) if (!wanted.includes(name)) rmSync(join(to, name));

function templates(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".hbs"));
}
