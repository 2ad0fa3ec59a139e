import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { follow, freePort } from "../../scripts/guide.mjs";
import { withNodeFor } from "../../scripts/node-versions.mjs";
import { nextStarter } from "./next-starter.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A guide that was followed up to its end: what it serves is still running. */
export interface Followed {
  readonly folder: string;
  readonly origin: string;
  readonly login: { readonly seconds: number } | undefined;
  /** Compiles all of its code. */
  readonly compile: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/**
 * Does what a page of docs/frameworks says, with the packages that are here.
 *
 * @param options - `starter`: files in place of those of create-next-app; `env`: added to the
 *   environment
 */
export async function followed(
  page: string,
  { starter = nextStarter, env: more = {} }: { starter?: typeof nextStarter; env?: NodeJS.ProcessEnv } = {},
): Promise<Followed> {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/guide-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { PATH = process.env["PATH"] } = withNodeFor(page.replace(/\.md$/, ""));
  // Started by a test, Astro would serve no pages.
  const quiet = { NODE_ENV: "", CI: "", VITEST: "", ASTRO_TELEMETRY_DISABLED: "1" };
  const env = { ...quiet, PATH: `${join(root, "node_modules/.bin")}:${PATH}`, ...more };
  const port = await freePort();
  const run = async (line: string, shell: (line: string) => Promise<string>) => {
    if (line.startsWith("npm install")) {
      install(folder, line);
      return shell("npm run --silent --if-present prepare"); // as npm does
    }
    if (line.startsWith("npx --yes create-next-app")) return writeFiles(folder, starter) ?? "";
    return shell(line.replace(/^npx (?:--yes )?/, ""));
  };
  try {
    const { login, end } = await follow(join(root, "docs/frameworks", page), folder, { port, env, run });
    return {
      folder,
      origin: `http://localhost:${port}`,
      login,
      async compile() {
        for (const project of projectsIn(folder)) {
          const compiled = await follow(emptyPage(folder, project), folder, { env });
          await compiled.end();
        }
      },
      async end() {
        await end();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Declares what would be installed: our packages, and those of the examples, are there already. */
function install(folder: string, line: string): void {
  const modules = join(folder, "node_modules");
  if (line.includes(" nuxt ")) linkModules(modules, "nuxt");
  else if (line.includes(" @tanstack/react-start ")) linkModules(modules, "tanstack-start");
  else if (!existsSync(modules)) symlinkSync(join(root, "node_modules"), modules);
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const key = line.includes("--save-dev") ? "devDependencies" : "dependencies";
  for (const word of line.split(" ").slice(2)) {
    const name = word.replace(/(?<=.)@.*/, "");
    if (!name.startsWith("-")) manifest[key] = { ...manifest[key], [name]: "*" };
  }
  writeFileSync(file, JSON.stringify(manifest));
}

/** Links the packages as an example has them, which needs others of some than the rest of us. */
function linkModules(modules: string, example: string): void {
  mkdirSync(modules);
  const own = join(root, "examples", example, "node_modules");
  for (const name of new Set([...readdirSync(own), ...readdirSync(join(root, "node_modules"))])) {
    if (name === ".cache") continue;
    const from = existsSync(join(own, name)) ? own : join(root, "node_modules");
    symlinkSync(join(from, name), join(modules, name));
  }
}

/** Writes what a framework's starter would. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The projects that the compiler knows: of one that only refers to others, these. */
function projectsIn(folder: string): readonly string[] {
  const file = join(folder, "tsconfig.json");
  // With comments, as starters write it.
  const { files, references = [] } = ts.parseConfigFileTextToJson(file, readFileSync(file, "utf8")).config;
  return files?.length === 0 ? references.map(({ path }: { path: string }) => path) : ["."];
}

/** A page that says to compile what is in the folder. */
function emptyPage(folder: string, project: string): string {
  const page = join(folder, "compile.md");
  writeFileSync(page, `\`\`\`sh\ntsc --project ${project} --noEmit --types node\n\`\`\`\n`);
  return page;
}
