// Run after the compiler by the root's `build` script; does nothing to what it has done already.
// 1. Says that what lies in dist/cjs is CommonJS: it is there for Jest and for compilers that
// cannot require ES modules.
// 2. Lets declarations name the types of packages that need not be installed, drivers and Node's
// own: where one is missing, they are `any`, and whoever type-checks libraries hears nothing of
// drivers of other stores.
// 3. Bundles into dist/edge what runs where nothing of Node is, such as in Next.js's Edge runtime:
// what runtime/edge has in its place. Packages choose it by the condition `edge-light`.
// 4. Puts msgpackr's JavaScript into the package: as a dependency it would bring its native addon,
// which asks to be built when it is installed, and is not needed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { dependencies, exports } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

// In published declarations only: the next line imports a driver that need not be installed.
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

const here = fileURLToPath(new URL("..", import.meta.url));
const edge = Object.values(exports).flatMap((conditions) => conditions["edge-light"]?.default ?? []);
const { outputFiles } = buildSync({
  write: false,
  absWorkingDir: here,
  entryPoints: edge.map((file) => file.replace("./dist/edge/", "./src/").replace(/\.js$/, ".ts")),
  outdir: "dist/edge",
  outbase: "src",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  alias: {
    "node:crypto": "./edge/crypto.ts",
    "node:diagnostics_channel": "./edge/diagnostics-channel.ts",
    "node:net": "./edge/net.ts",
    "node:util": "./edge/util.ts",
  },
  external: Object.keys(dependencies),
  logLevel: "warning",
});
for (const { path, text } of outputFiles) write(path, text);
for (const name of filesIn(`${dist}edge`))
  if (!outputFiles.some(({ path }) => path === join(`${dist}edge`, name))) rmSync(join(`${dist}edge`, name));

for (const [folder, format] of [
  ["dist", "esm"],
  ["dist/cjs", "cjs"],
]) {
  const { outputFiles: bundled } = buildSync({
    write: false,
    absWorkingDir: here,
    stdin: { contents: 'export { Packr } from "msgpackr";', resolveDir: here },
    outfile: `${folder}/codec/plain/msgpackr.js`,
    bundle: true,
    format,
    platform: "neutral",
    target: "es2022",
  });
  for (const { path, text } of bundled) write(path, text);
  const file = `${here}${folder}/codec/plain/msgpack.js`;
  write(file, readFileSync(file, "utf8").replace('"msgpackr"', '"./msgpackr.js"'));
}

const licenses = ["msgpackr", "@noble/ciphers", "@noble/hashes"].map((name) => {
  const folder = [here, join(here, "..")].find((root) =>
    existsSync(join(root, "node_modules", name, "LICENSE")),
  );
  return `${name}\n\n${readFileSync(join(folder, "node_modules", name, "LICENSE"), "utf8").trim()}\n`;
});
write(`${dist}THIRD-PARTY-LICENSES.txt`, licenses.join("\n---\n\n"));

function filesIn(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));
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

/** What is the same is left alone: another process may be reading it. */
function write(file, content) {
  let before;
  try {
    before = readFileSync(file, "utf8");
  } catch {}
  if (before === content) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
