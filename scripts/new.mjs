// `npm run new -- backend NAME`, `-- store NAME`, `-- framework NAME`: writes the files of
// docs/adding-a-store.md and docs/adding-a-framework.md under another name, and the lists anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { camelCase, pascalCase, writeRegistries } from "./registries.mjs";

/**
 * What can be made: the page that has it, the name it goes by there, the folder that is its own,
 * and which files are meant.
 */
const kinds = {
  backend: {
    page: "docs/adding-a-store.md",
    example: "shelf",
    folder: "generator/src/backends",
    // For a store that is there already, its backend only.
    meant: (path, root, name) =>
      !path.startsWith("runtime/") || !existsSync(join(root, "runtime/src/stores", name)),
  },
  store: {
    page: "docs/adding-a-store.md",
    example: "shelf",
    folder: "runtime/src/stores",
    meant: (path) => path.startsWith("runtime/"),
  },
  framework: {
    page: "docs/adding-a-framework.md",
    example: "lantern",
    folder: "generator/src/frameworks",
    meant: () => true,
  },
};

/** Every file of a page: its path stands behind the language. */
export function filesOf(page) {
  return [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path, text]) => ({ path, text }));
}

/**
 * Writes the files of a new backend, store or framework.
 * @param root - of the repository, or of a copy
 * @returns the paths: those of files, and those of lists
 */
export function writeNew(root, kind, name) {
  const { page, example, folder, meant } =
    kinds[kind] ?? fail(`There is no ${kind} to make: ${Object.keys(kinds).join(", ")}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) fail(`${name} is no name such as my-store`);
  if (existsSync(join(root, folder, name))) fail(`There is a ${kind} ${name} already`);
  const files = filesOf(readFileSync(join(root, page), "utf8"))
    .filter(({ path }) => meant(path, root, name))
    .map(({ path, text }) => ({ path: renamed(path, example, name), text: renamed(text, example, name) }));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { files: files.map(({ path }) => path), lists: writeRegistries(root) };
}

/** `ShelfStore`, `shelfStore`, `const shelf` and `"shelf"` under the other name. */
function renamed(text, example, name) {
  return text
    .replaceAll(pascalCase(example), pascalCase(name))
    .replace(new RegExp(`\\b${example}(?=[A-Z])|(?<=\\bconst )${example}\\b`, "g"), camelCase(name))
    .replaceAll(example, name);
}

function fail(message) {
  throw new Error(message);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind = "", name = ""] = process.argv.slice(2);
  try {
    const { files, lists } = writeNew(fileURLToPath(new URL("..", import.meta.url)), kind, name);
    for (const path of files) console.log(`new      ${path}`);
    for (const path of lists) console.log(`changed  ${path}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
