// `npm run guards:size`: what an application bundles for its sessions, minified and gzipped,
// against the limits of `size-limits.json`. `-- --update` writes today's figures there, and into
// the runtime's README; `-- --explain` says what they are made of, by folder, `-- --modules` by
// file.
import { readFileSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const limitsFile = new URL("size-limits.json", import.meta.url);
const { values: flags } = parseArgs({
  options: { update: { type: "boolean" }, explain: { type: "boolean" }, modules: { type: "boolean" } },
});

/** Never bundled: an application that has one installs it. */
const drivers = Object.keys(
  JSON.parse(readFileSync(new URL("../runtime/package.json", import.meta.url), "utf8")).peerDependencies,
);

const onNode = 'export { attachSession } from "@sessgen/runtime/http/node";';
const onFetch = 'export { withSession } from "@sessgen/runtime/http/fetch";';

/** A store and a host; the rest is the module that was emitted for the Express example. */
const cases = {
  "memory, node:http": {
    host: onNode,
    store: `import { memoryStore } from "@sessgen/runtime/stores/memory";
      export const store = () => memoryStore();`,
  },
  "redis, node:http": {
    host: onNode,
    store: `import { redisStore } from "@sessgen/runtime/stores/redis";
      export const store = () => redisStore({ url: "redis://127.0.0.1" });`,
  },
  "sealed cookie, fetch": {
    host: onFetch,
    store: `import { cookieStore } from "@sessgen/runtime/stores/cookie";
      export const store = () => cookieStore({ secrets: ["0123456789abcdef0123456789abcdef"] });`,
  },
};

const limits = JSON.parse(readFileSync(limitsFile, "utf8"));
const sizes = {};
let failed = false;
for (const [name, { host, store }] of Object.entries(cases)) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "./examples/express/src/session/index.js"; ${host}`,
      resolveDir: root,
      loader: "ts",
    },
    plugins: [replaceStore(store)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: drivers,
    outfile: "bundle.js",
    sourcemap: "external",
    sourcesContent: false,
    write: false,
    logLevel: "error",
  });
  const [{ text: map }, { contents, text }] = outputFiles.sort((one, other) =>
    other.path.localeCompare(one.path),
  );
  const gzipped = gzipSync(contents, { level: 9 }).length;
  // Other versions of Node compress a few bytes less.
  sizes[name] = Math.ceil((gzipped * 1.005) / 100) * 100;
  const limit = limits[name] ?? 0;
  const over = gzipped > limit;
  if (over && flags.update !== true) failed = true;
  console.log(
    `${name.padEnd(24)} ${kilobytes(gzipped)} gzipped, ${kilobytes(contents.length)} minified; limit ${kilobytes(limit)}${over ? "  OVER" : ""}`,
  );
  if (flags.modules === true) printShares(text, map, (file) => file);
  else if (flags.explain === true) printShares(text, map, dirname);
}
if (flags.update === true) {
  writeFileSync(limitsFile, `${JSON.stringify(sizes, null, 2)}\n`);
  const readme = new URL("../runtime/README.md", import.meta.url);
  const rows = Object.entries(sizes).reduce(
    (text, [name, bytes]) =>
      text.replace(
        new RegExp(`^\\| ${name} \\| .* \\|$`, "m"),
        `| ${name} | ${Math.ceil(bytes / 1000)} kB |`,
      ),
    readFileSync(readme, "utf8"),
  );
  writeFileSync(readme, rows);
}
if (failed) {
  console.error(
    "A bundle grew. `npm run guards:size -- --modules` says by what, `-- --explain` what there is; `-- --update` accepts it.",
  );
  process.exit(1);
}

/** Takes the place of the store that the example's config names. */
function replaceStore(contents) {
  return {
    name: "store",
    setup({ onLoad }) {
      const filter = /examples[\\/]express[\\/]src[\\/]session[\\/]store\.ts$/;
      onLoad({ filter }, () => ({ contents, loader: "ts", resolveDir: root }));
    },
  };
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/**
 * Prints what leaving out each part would save, most first: bytes gzipped, then minified. What two
 * parts have in common is in neither's share, so that the shares add up to less than the whole.
 */
function printShares(text, map, partOf) {
  const parts = new Map();
  for (const { part, from, to } of pieces(text, map, partOf)) {
    const ranges = parts.get(part) ?? [];
    parts.set(part, [...ranges, [from, to]]);
  }
  const whole = gzippedLength(text);
  const shares = [...parts].map(([part, ranges]) => ({
    part,
    gzipped: whole - gzippedLength(without(text, ranges)),
    minified: ranges.reduce((sum, [from, to]) => sum + to - from, 0),
  }));
  for (const { part, gzipped, minified } of shares.sort((one, other) => other.gzipped - one.gzipped))
    console.log(`  ${String(gzipped).padStart(6)} ${String(minified).padStart(7)}  ${part}`);
}

/** Takes the bundle apart at every place where its source map goes on with another part. */
function* pieces(text, map, partOf) {
  const sources = new SourceMap(JSON.parse(map));
  let begun;
  let at = 0;
  for (const [line, content] of text.split("\n").entries()) {
    for (let column = 0; column <= content.length; column += 1, at += 1) {
      const { originalSource } = sources.findEntry(line, column);
      const part = partOf(originalSource === undefined ? "what joins them" : sourceName(originalSource));
      if (part === begun?.part) continue;
      if (begun !== undefined) yield { ...begun, to: at };
      begun = { part, from: at };
    }
  }
  if (begun !== undefined) yield { ...begun, to: at - 1 };
}

function sourceName(source) {
  return source.replace(/^.*?(?=\b(?:runtime|node_modules|examples)\/)/, "");
}

function without(text, ranges) {
  let kept = "";
  let at = 0;
  for (const [from, to] of ranges) {
    kept += text.slice(at, from);
    at = to;
  }
  return kept + text.slice(at);
}

function gzippedLength(text) {
  return gzipSync(text, { level: 9 }).length;
}
