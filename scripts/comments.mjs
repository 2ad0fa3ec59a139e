// `npm run guards:comments`: fails when a comment ends beyond column 100. `npm run wrap-comments`
// rewraps those that are paragraphs of prose; what it leaves (tables, code, comments behind code)
// is for a person to shorten. Folders to look at can be given:
// `npm run wrap-comments -- test scripts`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseSync } from "oxc-parser";
import { atoms, WIDTH, wrapComments } from "./wrap-comments.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values: flags, positionals } = parseArgs({
  options: { wrap: { type: "boolean" } },
  allowPositionals: true,
});
const folders =
  positionals.length > 0
    ? positionals
    : [
        ...["generator/src", "generator/scripts", "runtime/src", "runtime/edge", "runtime/scripts"],
        ...["services", "hammer", "fuzz", "scripts", "bench", "site", "examples"],
      ];

let wrapped = 0;
const long = [];
for (const file of folders.flatMap(sources)) {
  const text = readFileSync(file, "utf8");
  const { comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${relative(root, file)}: ${errors[0].message}`);
  const after = flags.wrap === true ? wrapComments(text, comments) : text;
  if (after !== text) {
    writeFileSync(file, after);
    wrapped++;
  }
  long.push(...longComments(file, after));
}
if (flags.wrap === true) console.log(`Comments wrapped in ${wrapped} files.`);
if (long.length > 0) {
  console.error(long.slice(0, 30).join("\n"));
  if (long.length > 30) console.error(`and ${long.length - 30} more`);
  console.error(
    `${long.length} comments end beyond column ${WIDTH}; \`npm run wrap-comments\` wraps what it can.`,
  );
  process.exit(1);
}

function sources(folder) {
  return (
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.gen)\.(?:ts|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (file) =>
          !/[\\/](?:node_modules|dist|build|\.astro|\.next|\.nuxt|\.output|\.svelte-kit|__snapshots__)[\\/]/.test(
            file,
          ),
      )
      // What was emitted is wrapped by the generator.
      .filter(
        (file) =>
          !/^examples[\\/][^\\/]+[\\/](?:server|src|src[\\/]lib[\\/]server|app[\\/]\.server)[\\/]session[\\/]/.test(
            relative(root, file),
          ),
      )
      .sort()
  );
}

/** Where comments end beyond the width, as `file:line:column`. */
function longComments(file, text) {
  const found = [];
  for (const { start, end } of parseSync(file, text).comments) {
    let line = text.slice(0, start).split("\n").length;
    let column = start - (text.lastIndexOf("\n", start - 1) + 1);
    for (const part of text.slice(start, end).split("\n")) {
      const width = column + part.length;
      // What cannot be broken, such as an address, and what a tool reads stay as they are.
      const words = part.replace(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)?|\*\/\s*$/g, "").match(atoms) ?? [];
      if (width > WIDTH && words.length > 1 && !/^(?:biome-ignore|@ts-)/.test(words[0]))
        found.push(`${relative(root, file)}:${line}:${width}`);
      line++;
      column = 0;
    }
  }
  return found;
}
