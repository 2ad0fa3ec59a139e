// `npm run guards:size`: what an application bundles for its sessions, minified and gzipped,
// against the limits of `size-limits.json`. `-- --update` writes today's figures there, and into
// the runtime's README; `-- --modules` says what they are made of.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const limitsFile = new URL("size-limits.json", import.meta.url);
const { values: flags } = parseArgs({
  options: { update: { type: "boolean" }, modules: { type: "boolean" } },
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
  const { outputFiles, metafile } = await build({
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
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const [{ contents }] = outputFiles;
  const gzipped = gzipSync(contents, { level: 9 }).length;
  // Other versions of Node compress a few bytes less.
  sizes[name] = Math.ceil((gzipped * 1.005) / 100) * 100;
  const limit = limits[name] ?? 0;
  const over = gzipped > limit;
  if (over && flags.update !== true) failed = true;
  console.log(
    `${name.padEnd(24)} ${kilobytes(gzipped)} gzipped, ${kilobytes(contents.length)} minified; limit ${kilobytes(limit)}${over ? "  OVER" : ""}`,
  );
  if (flags.modules === true) printModules(metafile);
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
  console.error("A bundle grew. `npm run guards:size -- --modules` says by what; `-- --update` accepts it.");
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

/** Bytes of the minified bundle by the file they come from, most first. */
function printModules(metafile) {
  const [{ inputs }] = Object.values(metafile.outputs);
  const sorted = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [file, { bytesInOutput }] of sorted.slice(0, 40)) {
    if (bytesInOutput > 0) console.log(`  ${String(bytesInOutput).padStart(7)}  ${file}`);
  }
}
