import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type GeneratorErrorCode, SessgenError, SessgenErrors } from "../errors.js";
import { optional } from "../model/reflect.js";
import { backendOf, type Catalog } from "./catalog.js";
import { exportsOf } from "./exported.js";
import type { Touched } from "./import.js";
import { backendPath, whereOf } from "./problems.js";
import type { ResolvedConfig } from "./resolved.js";

/** What names modules, files and folders. */
type Naming = Pick<
  ResolvedConfig,
  "file" | "root" | "schemaModule" | "fields" | "parts" | "templates" | "backends"
>;

/** What an option names. */
interface Named {
  /** The path of the option in the config. */
  readonly option: readonly string[];
  readonly file: string;
  /** What is imported of it: one of these names. Absent: the file is no module. */
  readonly names?: readonly string[];
  /** The path of the option that has the name; by default that which has the file. */
  readonly nameOption?: readonly string[];
  /** What to do where none of the names is exported. */
  readonly fix?: string;
}

/**
 * Looks whether what the emitted code will import, and what it is made of, is there. Reads the
 * modules without running them: they may need what only the application has. Their types are the
 * compiler's affair.
 *
 * @param touched - gets the modules
 * @throws SessgenErrors `config/no-such-export`, `template/missing-folder`, with the place in the
 *   config
 */
export async function checkExports(
  config: Naming,
  catalog: Pick<Catalog, "backends">,
  touched: Touched,
): Promise<void> {
  const { file, root, templates } = config;
  const found: (Problem & { readonly code: GeneratorErrorCode })[] = [];
  for (const named of namedIn(config, catalog)) {
    touched.files.add(resolve(root, named.file));
    const problem = problemOf(root, named);
    if (problem !== undefined) found.push({ code: "config/no-such-export", ...problem });
  }
  if (templates !== undefined && !kindAt(resolve(root, templates))?.isDirectory())
    found.push({
      code: "template/missing-folder",
      option: ["templates"],
      summary: `There is no folder ${templates}`,
    });
  if (found.length === 0) return;
  throw new SessgenErrors(
    await Promise.all(
      found.map(async ({ code, option, summary, fix }) => {
        const where = await whereOf(file, option);
        return new SessgenError(code, summary, { where, ...optional("fix", fix) });
      }),
    ),
  );
}

function* namedIn(
  { fields, parts, schemaModule, backends }: Naming,
  catalog: Pick<Catalog, "backends">,
): Generator<Named> {
  if (schemaModule !== undefined)
    yield { option: ["schemaModule"], file: schemaModule, names: ["schema", "default"], fix: exportSchema };
  for (const [field, { merge, upcast = [] }] of Object.entries(fields)) {
    if (typeof merge === "object" && "module" in merge) {
      const path = ["fields", field, "merge"];
      yield imported(path, merge.module, merge.export);
    }
    for (const [index, { module, export: up, down }] of upcast.entries()) {
      const path = ["fields", field, "upcast", String(index)];
      yield imported(path, module, up);
      if (down !== undefined) yield imported(path, module, down);
    }
  }
  if (parts !== undefined) yield { option: ["parts"], file: parts };
  for (const [environment, options] of Object.entries(backends)) {
    for (const option of Object.keys(backendOf(catalog, options.kind).imports ?? {})) {
      const file = options[option];
      if (typeof file === "string")
        yield { option: backendPath(environment, option), file, names: ["default"], fix: exportClient };
    }
  }
}

function imported(path: readonly string[], file: string, name: string): Named {
  return { option: [...path, "module"], file, names: [name], nameOption: [...path, "export"] };
}

interface Problem {
  readonly option: readonly string[];
  readonly summary: string;
  readonly fix?: string;
}

const exportSchema = "Export the schema as `schema`, or as the default.";
const exportClient = "Write `export default` in front of it, or `export { it as default }`.";

function problemOf(
  root: string,
  { option, file, names, nameOption = option, fix }: Named,
): Problem | undefined {
  const kind = kindAt(resolve(root, file));
  if (kind === undefined) return { option, summary: `There is no file ${file}` };
  if (!kind.isFile()) return { option, summary: `${file} is a folder` };
  if (names === undefined) return undefined;
  const there = exportsOf(resolve(root, file));
  if (there === undefined || names.some((name) => there.has(name))) return undefined;
  const all = there.size === 0 ? "nothing" : `only ${[...there.keys()].join(", ")}`;
  const [name] = names;
  const missing = name === "default" ? "has no default export" : `exports no ${name}`;
  return { option: nameOption, summary: `${file} ${missing}, but ${all}`, ...optional("fix", fix) };
}

function kindAt(path: string): ReturnType<typeof statSync> {
  return statSync(path, { throwIfNoEntry: false });
}
