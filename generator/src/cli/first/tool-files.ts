import type { Backend } from "../../backends/backend.js";
import { backendCode, moduleOf, variablesOf } from "./config-text.js";
import type { Drafts } from "./drafts.js";
import { type JsonMember, listIn, withMembers } from "./json-members.js";
import type { Project } from "./project.js";

/** Where a first config has its lock. */
export const LOCK = "sessgen.lock.json";
/** Where a first config has its infrastructure. */
const INFRASTRUCTURE = "session-infra";

/** Writes the module that the backend comes from, unless there is one. */
export function addModule(backend: Backend, project: Project, drafts: Drafts): void {
  const path = moduleOf(backendCode(backend, project));
  const text = backend.first.module;
  if (path !== undefined && text !== undefined && drafts.read(path) === undefined) drafts.create(path, text);
}

/** Tells git, formatters and people of what is emitted. */
export function addToolFiles(backend: Backend, project: Project, drafts: Drafts): void {
  const { output } = project;
  const emits = backend.dialect !== undefined || backend.infrastructure !== undefined;
  const folders = [output, ...(emits ? [INFRASTRUCTURE] : [])];
  if (backend.first.code.includes('".data/')) drafts.addLines(".gitignore", [".data/"]);
  drafts.addLines(".gitattributes", [
    // A conflict leaves these as they are: sessgen writes them anew, of what the lock says.
    ...folders.map((folder) => `${folder}/** linguist-generated merge=binary`),
    // sessgen reads both sides of a conflict, so it has to be marked: never a union.
    `${LOCK} linguist-generated merge=text`,
  ]);
  if (usesPrettier(project))
    drafts.addLines(".prettierignore", [...folders.map((folder) => `${folder}/`), LOCK]);
  ignoreInBiome(project, drafts, [...folders, LOCK]);
  const variables = variablesOf(backend.first.code);
  const described = drafts.read(".env.example") ?? "";
  drafts.addLines(
    ".env.example",
    variables
      .filter((name) => !new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, "m").test(described))
      .map((name) => `${name}=${backend.first.variables?.[name] ?? ""}`),
  );
}

function usesPrettier({ packages, has, manifest = "" }: Project): boolean {
  const configs = [
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.js",
    ".prettierrc.mjs",
    "prettier.config.js",
  ];
  return (
    packages.has("prettier") ||
    [...configs, "prettier.config.mjs", ".prettierignore"].some(has) ||
    /"prettier"\s*:\s*\{/.test(manifest)
  );
}

/** Biome 2 says what it looks at in one list, Biome 1 what it does not. */
function ignoreInBiome(project: Project, drafts: Drafts, paths: readonly string[]): void {
  const file = ["biome.json", "biome.jsonc"].find((name) => project.has(name));
  // Without a file it takes all there is.
  const isUsed = file !== undefined || project.packages.has("@biomejs/biome");
  const text = file === undefined ? "{}\n" : drafts.read(file);
  if (!isUsed || text === undefined) return;
  const isFirst = /schemas\/1\.|"@biomejs\/biome"\s*:\s*"[\^~]?1\./.test(text + (project.manifest ?? ""));
  const option = isFirst ? "ignore" : "includes";
  const listed = listIn(text, ["files", option]);
  const wanted = paths.map((path) => (isFirst ? path : `!${path}`)).filter((path) => !listed?.includes(path));
  if (wanted.length === 0) return;
  // What is there goes on counting: names are appended, one by one.
  const members: readonly JsonMember[] =
    listed === undefined
      ? [{ path: ["files", option], value: [...(isFirst ? [] : ["**"]), ...wanted] }]
      : wanted.map((value, index) => ({ path: ["files", option, String(listed.length + index)], value }));
  const edited = withMembers(text, members).text;
  if (file === undefined) drafts.create("biome.json", edited);
  else drafts.extend(file, edited, `files.${option}: ${wanted.join(", ")}`);
}
