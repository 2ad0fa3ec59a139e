// Run after the compiler by the root's `build` script; does nothing to what it has done already.
// 1. Says that what lies in dist/cjs is CommonJS: it is there for Jest and for compilers that cannot require ES modules.
// 2. Lets declarations name the types of packages that need not be installed, drivers and Node's own: where one is missing,
//    they are `any`, and whoever type-checks libraries hears nothing of drivers of other stores.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const mark = "// @ts-ignore";
const commonJs = '{ "type": "commonjs" }\n';

write(`${dist}cjs/package.json`, commonJs);
for (const name of readdirSync(dist, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const lines = readFileSync(dist + name, "utf8").split("\n");
  const missing = lines.flatMap((line, index) =>
    mayBeMissing(line) && lines[index - 1] !== mark ? [index] : [],
  );
  if (missing.length === 0) continue;
  insert(lines, missing, mark);
  writeFileSync(dist + name, lines.join("\n"));
  shift(`${dist}${name}.map`, missing);
}

function mayBeMissing(line) {
  const [, from] = /^(?:import|export) .* from "([^".][^"]*)";$/.exec(line) ?? [];
  return from !== undefined && !Object.keys(dependencies).includes(from);
}

/** In front of those that were at these places; from behind, so that the places stay right. */
function insert(lines, places, line) {
  for (const place of places.toReversed()) lines.splice(place, 0, line);
}

/** Has the map of the declarations know of the lines that came in. */
function shift(file, places) {
  let map;
  try {
    map = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return;
  }
  const lines = map.mappings.split(";");
  insert(lines, places, "");
  writeFileSync(file, JSON.stringify({ ...map, mappings: lines.join(";") }));
}

function write(file, content) {
  let before;
  try {
    before = readFileSync(file, "utf8");
  } catch {}
  if (before !== content) writeFileSync(file, content);
}
