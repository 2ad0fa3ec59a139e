import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SessgenError } from "../errors.js";

const require = createRequire(import.meta.url);

/** How {@link render} finds and runs a template. */
export interface RenderOptions {
  /**
   * Absolute folder of the user's own templates (`templates` in the config); searched before ours.
   */
  readonly overrides?: string;
  /** Errors name the user's template relative to this folder. */
  readonly root?: string;
}

/**
 * Where our templates are: copied next to the compiled code in the package, at the top of the
 * repository otherwise.
 */
const ownFolders: readonly URL[] = [
  new URL("../templates/", import.meta.url),
  new URL("../../../templates/", import.meta.url),
];

/** Lists our templates, as relative paths with forward slashes, sorted. */
export async function templateNames(): Promise<readonly string[]> {
  for (const folder of ownFolders) {
    const names = await readdir(folder, { recursive: true }).catch(() => undefined);
    if (names === undefined) continue;
    return names.flatMap((name) => (name.endsWith(".hbs") ? [name.split(sep).join("/")] : [])).sort();
  }
  throw new SessgenError("internal/bug", "The templates are missing in the package");
}

/** Gives the text of one of our templates, whatever the user has in its place. */
export async function ownTemplate(name: string): Promise<string> {
  return (await find(name, {})).text;
}

/** A template's text and where it came from. */
interface Template {
  readonly file: string;
  readonly text: string;
  readonly ours: boolean;
}

/**
 * Renders a Handlebars template. Strict: a name that `data` does not have is an error and not an
 * empty string. Nothing is HTML-escaped, since what is rendered is code; a string goes into code
 * through `{{string value}}`.
 *
 * @param template - relative path with forward slashes, e.g. `glue/express.ts.hbs`
 * @param data - what the template can refer to; described in a comment at the template's top
 * @throws SessgenError `template/missing-folder` when `overrides` is no folder; `template/invalid`
 *   with file and line when the user's template cannot be read, parsed or rendered
 */
export async function render(
  template: string,
  data: Readonly<Record<string, unknown>>,
  options: RenderOptions = {},
): Promise<string> {
  const found = await find(template, options);
  // Imported here: a run that renders nothing does not pay for loading Handlebars.
  const Handlebars = require("handlebars") as typeof import("handlebars");
  const handlebars = Handlebars.create();
  handlebars.registerHelper("string", (value: unknown) => JSON.stringify(String(value)));
  // Terraform's strings, where ${ and %{ begin an expression.
  handlebars.registerHelper("hcl", (value: unknown) =>
    JSON.stringify(String(value)).replace(/[$%](?=\{)/g, "$&$&"),
  );
  try {
    return handlebars.compile(found.text, { strict: true, noEscape: true })(data);
  } catch (error) {
    const problem = describe(error);
    if (found.ours) {
      throw new SessgenError("internal/bug", `Template ${template} cannot be rendered: ${problem.message}`, {
        cause: error,
      });
    }
    const file = options.root === undefined ? found.file : relative(options.root, found.file);
    throw new SessgenError("template/invalid", `${file} cannot be rendered: ${problem.message}`, {
      where: { file: found.file, ...problem.position },
      cause: error,
    });
  }
}

async function find(template: string, { overrides }: RenderOptions): Promise<Template> {
  if (overrides !== undefined) {
    const file = join(overrides, template);
    const text = await readIfPresent(file);
    if (text !== undefined) return { file, text, ours: false };
  }
  for (const folder of ownFolders) {
    const file = fileURLToPath(new URL(template, folder));
    const text = await readIfPresent(file);
    if (text !== undefined) return { file, text, ours: true };
  }
  throw new SessgenError("internal/bug", `There is no template ${template}`);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SessgenError("template/invalid", `${file} cannot be read`, { where: { file }, cause: error });
  }
}

/**
 * Handlebars reports a position as `lineNumber` and `column` (0-based), or, from its parser, only
 * in the message.
 */
function describe(error: unknown): { message: string; position: { line?: number; column?: number } } {
  const text = error instanceof Error ? error.message : String(error);
  const property = (name: string): number | undefined => {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
    return typeof value === "number" ? value : undefined;
  };
  const line = property("lineNumber") ?? numberIn(/^Parse error on line (\d+)/, text);
  const column = property("column");
  // The parser draws the line and a caret below its first line; strict mode appends "in [object
  // Object] - 3:4".
  const message = text.replace(/^(Parse error on line \d+):\n.*\n-*\^\n/, "$1: ");
  return {
    message: message.replace(/ in \[object Object\] - \d+:\d+$/, ""),
    position: {
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column: column + 1 }),
    },
  };
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const match = pattern.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
