import { dirname, posix } from "node:path";
import type { ImportExtension } from "../../config/import-extension.js";
import type { Framework } from "../../frameworks/framework.js";
import type { StarterEdit, Wiring } from "../../frameworks/wiring.js";
import type { Drafts } from "./drafts.js";
import { withMembers } from "./json-members.js";
import type { Project } from "./project.js";

/** Lines that the user's own file lacks. */
interface MissingLines {
  readonly file: string;
  readonly lines: string;
}

/** What was done about the frameworks of a project, and what is left. */
export interface Wired {
  readonly missing: readonly MissingLines[];
  /** The file that starts the application, if it was written, and what runs it. */
  readonly entry?: { readonly file: string; readonly program: "tsx" | "node" | "bun" };
}

const endings = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue"];

/** Ties the glue of each framework to the project: by new files, or by lines for what is there. */
export function wire(project: Project, drafts: Drafts, importExtension: ImportExtension): Wired {
  const missing: MissingLines[] = [];
  let entry: Wired["entry"];
  let serves: string | undefined;
  for (const framework of project.frameworks) {
    for (const wiring of framework.wiring?.(project) ?? []) {
      const there = fileOf(wiring, drafts);
      const file = there ?? moduleName(wiring, project);
      const glue = importOf(framework, file, project, importExtension);
      const written = isCommonJs(project, framework, file) ? asRequire : (text: string) => text;
      if (there !== undefined && wiring.starter && addLines(drafts, there, wiring.starter, glue)) continue;
      if (there !== undefined && wiring.members !== undefined) {
        addMembers(drafts, there, wiring.members);
      } else if (there === undefined && wiring.text !== undefined) {
        drafts.create(file, written(wiring.text(glue)));
        const program = wiring.program ?? (project.typescript ? "tsx" : "node");
        if (wiring.isEntry) [entry, serves] = [{ file, program }, wiring.serves];
      } else if (there !== undefined && there === entry?.file && framework.beside && serves !== undefined) {
        drafts.create(there, joined(drafts.read(there) ?? "", written(wiring.lines(glue)), serves));
      } else if (there !== undefined || wiring.members === undefined) {
        missing.push({ file, lines: written(wiring.lines(glue)) });
      }
    }
  }
  return { missing, ...(entry === undefined ? {} : { entry }) };
}

/** Puts lines that want a `server` into a file of ours: imports in front, the rest at the end. */
function joined(text: string, lines: string, serves: string): string {
  const [imports = "", ...rest] = lines.split("\n\n");
  const withServer = text.replace(`\n${serves}`, `\nconst server = ${serves}`);
  // Before the blank line that ends the imports.
  return `${withServer.replace("\n\n", `\n${imports}\n\n`)}${rest.join("\n\n")}`;
}

/** The file that has, or would have, the lines. */
function fileOf({ file, instead = [] }: Wiring, drafts: Drafts): string | undefined {
  const names = [file, ...instead];
  const candidates = names.flatMap((name) => [name, ...endings.map((ending) => `${name}.${ending}`)]);
  return candidates.find((name) => drafts.read(name) !== undefined);
}

function moduleName({ file }: Wiring, { typescript }: Project): string {
  return /\.json$/.test(file) ? file : `${file}.${typescript ? "ts" : "js"}`;
}

function importOf(
  { name, files }: Framework,
  from: string,
  { output }: Project,
  extension: ImportExtension,
): string {
  const emitted = (files?.[0] ?? `${name}.ts`).replace(/\.ts$/, "");
  const path = posix.relative(dirname(from), posix.join(output, emitted));
  return `${path.startsWith("../") ? path : `./${path}`}${extension}`;
}

function addMembers(drafts: Drafts, file: string, members: NonNullable<Wiring["members"]>): void {
  const { text, added } = withMembers(drafts.read(file) ?? "{}", members);
  if (added.length > 0) drafts.extend(file, text, added.join(", "));
}

/** Says whether the file has the lines in the end. */
function addLines(drafts: Drafts, file: string, { adds, edit }: StarterEdit, glue: string): boolean {
  const text = drafts.read(file) ?? "";
  const edited = edit(text, glue);
  if (edited !== undefined && edited !== text) drafts.extend(file, edited, adds);
  return edited !== undefined;
}

/** Says whether it is a file that Node takes for CommonJS. What is bundled, Node never sees. */
function isCommonJs({ typescript, module }: Project, { bundled }: Framework, file: string): boolean {
  return file.endsWith(".cjs") || (file.endsWith(".js") && !typescript && !module && !bundled);
}

function asRequire(text: string): string {
  return text
    .replace(/^import (\w+|\{[^}]*\}) from "([^"]+)";$/gm, 'const $1 = require("$2");')
    .replace(/^export const (\w+) = /gm, "exports.$1 = ")
    .replace(/^export default /gm, "module.exports = ");
}
