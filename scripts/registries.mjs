// Writes the lists of what has a folder or file of its own: `npm run registries`. A list is never
// edited, and a test fails when one is stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const note = "// Written by `npm run registries` from what is beside this file. Do not edit.\n";

/** The longest line, as Biome has it. */
const width = 110;

/** Folders of `generator/src/backends` that are no backends. */
const common = ["shared", "sql"];

/** Every list there is, by its path. @param root - of the repository, or of a copy */
export function registries(root) {
  const backends = foldersOf(join(root, "generator/src/backends")).filter((name) => !common.includes(name));
  const frameworks = foldersOf(join(root, "generator/src/frameworks"));
  return {
    "tsconfig.json": projects(foldersOf(join(root, "examples"))),
    "services/index.ts": services(root),
    "hammer/stores/index.ts": hammerStores(root),
    "generator/src/changes/rules/index.ts": changeRules(root),
    "generator/src/backends/index.ts": list(backends, {
      type: "Backend",
      file: "backend",
      key: "kind",
      doc: "Every backend, by its kind.",
    }),
    "generator/src/backends/types.ts": backendTypes(root, backends),
    "generator/src/frameworks/index.ts": list(frameworks, {
      type: "Framework",
      file: "framework",
      key: "name",
      doc: "Every framework, by its name.",
    }),
    "generator/src/frameworks/names.ts": frameworkNames(root, frameworks),
  };
}

/** Writes the lists that are stale; gives back their paths. */
export function writeRegistries(root) {
  return Object.entries(registries(root)).flatMap(([path, text]) => {
    if (readIfPresent(join(root, path)) === text) return [];
    writeFileSync(join(root, path), text);
    return [path];
  });
}

function list(names, { type, file, key, doc }) {
  const plural = `${type.toLowerCase()}s`;
  return `${note}${imports([
    `import type { ${type} } from "./${file}.js";`,
    ...names.map((name) => `import { ${camelCase(name)} } from "./${name}/index.js";`),
  ])}

${listed(`const descriptors: readonly ${type}[] = `, names.map(camelCase))}

/** ${doc} */
export const ${plural}: ReadonlyMap<string, ${type}> = new Map(
  descriptors.map((descriptor) => [descriptor.${key}, descriptor]),
);
`;
}

/** What `tsc --build` compiles. */
function projects(examples) {
  const references = ["runtime", "generator", ...examples.map((name) => `examples/${name}`)].map((path) => ({
    path,
  }));
  const line = `  "references": [${references.map(({ path }) => `{ "path": "${path}" }`).join(", ")}]`;
  const lines = `  "references": [\n${references.map(({ path }) => `    { "path": "${path}" }`).join(",\n")}\n  ]`;
  return `{\n  "files": [],\n${line.length <= width ? line : lines}\n}\n`;
}

/** Every file of a folder that exports one of these, with the name it goes by. */
function exported(folder, type) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort((one, other) => (stem(one) < stem(other) ? -1 : 1))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const name = new RegExp(`^export const (\\w+): ${type}\\b`, "m").exec(text)?.[1];
      return name === undefined ? [] : [{ name, file: stem(file), path: `./${stem(file)}.js` }];
    });
}

/** Every store that can be hammered, by the name of its file. */
function hammerStores(root) {
  const stores = exported(join(root, "hammer/stores"), "HammerStore");
  return `${note}${imports([
    'import type { HammerStore } from "./store.js";',
    ...stores.map(({ name, path }) => `import { ${name} } from "${path}";`),
  ])}

/** By the names that \`--store\` takes. */
export const hammerStores: Readonly<Record<string, HammerStore>> = {
${stores.map(({ name, file }) => (name === file ? `  ${name},\n` : `  ${file === camelCase(file) ? file : JSON.stringify(file)}: ${name},\n`)).join("")}};
`;
}

/** Every rule about changes, by the name of its file. */
function changeRules(root) {
  const rules = exported(join(root, "generator/src/changes/rules"), "Rule");
  return `${note}${imports([
    'import type { Rule } from "../rule.js";',
    ...rules.map(({ name, path }) => `import { ${name} } from "${path}";`),
  ])}

/** Every rule, by its id. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
${rules.map(({ name, file }) => `  [${JSON.stringify(file)}, ${name}],\n`).join("")}]);
`;
}

/** Every file of `services/` that says how a server is found. */
function services(root) {
  const recipes = exported(join(root, "services"), "Recipe");
  return `${note}${imports([
    'import type { Recipe } from "./service.js";',
    ...recipes.map(({ name, path }) => `import { ${name} } from "${path}";`),
  ])}

/** Every server the tests use. */
export const recipes: readonly Recipe[] = [
${recipes.map(({ name }) => `  ${name},\n`).join("")}];
`;
}

/**
 * All interfaces that the options of a backend consist of; the one named after the backend is the
 * backend.
 */
function backendTypes(root, backends) {
  const files = backends.map((name) => {
    const text = readFileSync(join(root, "generator/src/backends", name, "options.ts"), "utf8");
    return { name, types: [...text.matchAll(/^export interface (\w+)/gm)].map(([, type]) => type) };
  });
  const own = backends.map((name) => `${pascalCase(name)}Backend`);
  return `${note}${imports(own.map((type, index) => `import type { ${type} } from "./${backends[index]}/options.js";`))}

${files.map(({ name, types }) => `export type { ${types.sort().join(", ")} } from "./${name}/options.js";`).join("\n")}

/** Where sessions are kept. */
export type Backend =
${own.map((type) => `  | ${type}`).join("\n")};
`;
}

/** The names of frameworks, and what is said of the glue for those that have options. */
function frameworkNames(root, frameworks) {
  const set = frameworks.filter((name) =>
    existsSync(join(root, "generator/src/frameworks", name, "options.ts")),
  );
  const own = set.map((name) => `${pascalCase(name)}Glue`);
  const names = frameworks.map((name) => JSON.stringify(name));
  return `${note}${imports(own.map((type, index) => `import type { ${type} } from "./${set[index]}/options.js";`))}

${own.map((type, index) => `export type { ${type} } from "./${set[index]}/options.js";`).join("\n")}

/** The frameworks that there is glue for. */
${union("export type FrameworkName =", names)}

/** Glue that is set up: for frameworks that have options. */
${union("export type Glue =", own)}
`;
}

/** A type that is one of several, as Biome prints it. */
function union(head, types) {
  const line = `${head} ${types.join(" | ")};`;
  return line.length <= width ? line : `${head}\n${types.map((type) => `  | ${type}`).join("\n")};`;
}

/** As Biome orders and prints them. */
function imports(lines) {
  const pathOf = (line) => stem(line.split('"')[1]);
  return lines.sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1)).join("\n");
}

/** The path without its extension: `redis.ts` comes before `redis-8.ts`. */
function stem(path) {
  return path.replace(/\.[jt]s$/, "");
}

/** A statement with an array, as Biome would have it. */
function listed(before, items) {
  const line = `${before}[${items.join(", ")}];`;
  return line.length <= width ? line : `${before}[\n${items.map((item) => `  ${item},\n`).join("")}];`;
}

function foldersOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** `express-store` is `expressStore`. */
export function camelCase(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/** `express-store` is `ExpressStore`. */
export function pascalCase(name) {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

function readIfPresent(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const written = process.argv.includes("--check")
    ? Object.entries(registries(root)).flatMap(([path, text]) =>
        readIfPresent(join(root, path)) === text ? [] : [path],
      )
    : writeRegistries(root);
  for (const path of written) console.log(path);
  if (process.argv.includes("--check") && written.length > 0) process.exitCode = 1;
}
