import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Node, Project, SourceFile } from "ts-morph";
import { loadMorph } from "../code/morph.js";
import type { Where } from "../errors.js";
import type { ResolvedConfig } from "./resolved.js";

/**
 * Finds where an option or a field of the schema stands in the user's source. Follows names within
 * a file and through relative imports; finds at least the nearest thing around. Loads ts-morph:
 * only called when there is something to report.
 *
 * @param path - e.g. `["lifetime", "idle"]` or `["schema", "cart", "[]", "sku"]`
 */
export async function locate(file: string, path: readonly string[]): Promise<Where> {
  return locatorOf(file)(path);
}

/**
 * Finds where a part of the schema stands, in the config or in a module that exports the schema.
 *
 * @param path - within the schema
 */
export async function locateInSchema(source: SchemaSource, path: readonly string[]): Promise<Where> {
  return locatorOf(source.schemaFile ?? source.file)(["schema", ...path]);
}

/** Does as {@link locate} for several paths, and parses the file once. */
export function locatorOf(file: string): (path: readonly string[]) => Where {
  const find = finderOf(file);
  return (path) => {
    const place = find?.(path);
    // The config as a whole is no place; its file is.
    if (place === undefined || place.node === place.source) return { file };
    const { node } = place;
    const { line, column } = node.getSourceFile().getLineAndColumnAtPos(node.getStart());
    return { file: node.getSourceFile().getFilePath(), line, column };
  };
}

/** The files that a schema may stand in. */
type SchemaSource = Pick<ResolvedConfig, "file" | "schemaFile">;

/** A TypeScript enum. */
interface FoundEnum {
  readonly name: string;
  readonly file: string;
  /** Others can import it from there, by its name. */
  readonly isExported: boolean;
}

/**
 * Makes a function that finds the TypeScript enum of which the schema at a path is made, if its
 * members have those values. The path is one within the schema.
 */
export function enumFinderOf({
  file,
  schemaFile = file,
}: SchemaSource): (path: readonly string[], values: readonly (string | number)[]) => FoundEnum | undefined {
  let find: ReturnType<typeof finderOf>;
  return (path, values) => {
    find ??= finderOf(schemaFile);
    const place = find?.(["schema", ...path]);
    return place && enumIn(place, values);
  };
}

function enumIn({ node, project }: Place, values: readonly (string | number)[]): FoundEnum | undefined {
  const { Node } = loadMorph();
  for (const call of [node, ...node.getDescendants()]) {
    if (!Node.isCallExpression(call) || !/\b(?:enum|nativeEnum)$/.test(call.getExpression().getText()))
      continue;
    const [argument] = call.getArguments();
    if (!Node.isIdentifier(argument)) continue;
    const declared = declarationOf(project, argument.getSourceFile(), argument.getText());
    if (!Node.isEnumDeclaration(declared)) continue;
    const own = declared.getMembers().map((member) => member.getValue());
    if (own.length !== values.length || !own.every((value) => value !== undefined && values.includes(value)))
      continue;
    const isExported = declared.isExported() && !declared.isDefaultExport();
    return { name: declared.getName(), file: declared.getSourceFile().getFilePath(), isExported };
  }
  return undefined;
}

/** Methods of schemas whose arguments are no part of them. */
const beside: ReadonlySet<string> = new Set(["default", "prefault", "catch", "meta"]);

interface Place {
  readonly project: Project;
  /** The config's file. */
  readonly source: SourceFile;
  /** What stands at the path, or is the nearest around it. */
  readonly node: Node;
}

function finderOf(file: string): ((path: readonly string[]) => Place) | undefined {
  if (!existsSync(file)) return undefined;
  const { Node, Project } = loadMorph();
  const project = new Project({
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true, resolveJsonModule: true },
  });
  const source = project.addSourceFileAtPath(file);

  /** What the file exports: a config, or a schema. */
  const start = (): Node => {
    const exported = source.getExportAssignment((assignment) => !assignment.isExportEquals());
    if (exported !== undefined) return exported.getExpression();
    if (!file.endsWith("package.json")) return source;
    return propertyIn(source, "sessgen") ?? source;
  };

  /** The schema that a module exports under its name, in place of a config. */
  const schemaOf = (first: string | undefined): Node | undefined =>
    first === "schema" ? declarationOf(project, source, "schema") : undefined;

  /** The property of that name which is nearest below the node. */
  const propertyIn = (node: Node, name: string, deepest = 12): Node | undefined => {
    let level: Node[] = [follow(node)];
    for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
      for (const candidate of level) {
        if (!Node.isPropertyAssignment(candidate) && !Node.isShorthandPropertyAssignment(candidate)) continue;
        if (candidate !== node && nameOf(candidate.getName()) === name) return candidate;
      }
      level = level.flatMap((candidate) => partsOf(follow(candidate)));
    }
    return undefined;
  };

  /**
   * What is below a node; what a schema gives by default has members of the same names, and is
   * none.
   */
  const partsOf = (node: Node): readonly Node[] => {
    const called = Node.isCallExpression(node) ? node.getExpression() : undefined;
    return Node.isPropertyAccessExpression(called) && beside.has(called.getName())
      ? [called]
      : node.forEachChildAsArray();
  };

  /** What an identifier stands for, where that is easily found; otherwise the node itself. */
  const follow = (node: Node, hops = 0): Node => {
    const inner = Node.isPropertyAssignment(node) ? (node.getInitializer() ?? node) : node;
    const name = Node.isIdentifier(inner)
      ? inner.getText()
      : Node.isShorthandPropertyAssignment(inner)
        ? inner.getName()
        : undefined;
    if (name === undefined || hops > 5) return node;
    return declarationOf(project, node.getSourceFile(), name) ?? node;
  };

  return (path) => {
    let best: Node = start();
    for (const [index, step] of path.entries()) {
      // An option stands in the config's own object: a field of the schema may have the same name.
      const found = index === 0 ? (propertyIn(best, step, 3) ?? schemaOf(step)) : propertyIn(best, step);
      if (found !== undefined) best = found;
      else if (index === 0) break;
    }
    return { project, source, node: best };
  };
}

/**
 * The initializer of a variable of that name, or the enum, here or in the module it is imported
 * from.
 */
function declarationOf(project: Project, source: SourceFile, name: string): Node | undefined {
  const declared = source.getVariableDeclaration(name)?.getInitializer() ?? source.getEnum(name);
  if (declared !== undefined) return declared;
  for (const declaration of source.getImportDeclarations()) {
    const specifier = declaration.getModuleSpecifierValue();
    const imported = declaration
      .getNamedImports()
      .find((item) => (item.getAliasNode()?.getText() ?? item.getName()) === name);
    if (
      !specifier.startsWith(".") ||
      (imported === undefined && declaration.getDefaultImport()?.getText() !== name)
    )
      continue;
    const file = sourceFileOf(resolve(dirname(source.getFilePath()), specifier));
    if (file === undefined) continue;
    const module = project.addSourceFileAtPath(file);
    if (imported === undefined)
      return module.getExportAssignment((assignment) => !assignment.isExportEquals())?.getExpression();
    return declarationOf(project, module, imported.getName());
  }
  return undefined;
}

/**
 * The file behind an import specifier, whose extension may be missing or that of the compiled file.
 */
function sourceFileOf(path: string): string | undefined {
  const stem = path.replace(/\.[cm]?[jt]s$/, "");
  return [
    path,
    ...[".ts", ".mts", ".cts", ".js", ".mjs", "/index.ts", "/index.js"].map((end) => stem + end),
  ].find((candidate) => /\.[cm]?[jt]s$/.test(candidate) && existsSync(candidate));
}

function nameOf(text: string): string {
  return /^["'].*["']$/.test(text) ? text.slice(1, -1) : text;
}
