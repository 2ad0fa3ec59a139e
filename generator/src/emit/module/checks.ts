import type { FileBuilder } from "../../code/file-builder.js";
import { Scope } from "../../code/names.js";
import type { Field, Pattern, SessionModel, Type } from "../../model/model.js";
import { assignableTypeText, checkNames } from "./field-names.js";
import { isRecursive, namedTypes } from "./named-types.js";
import { type CheckWriter, refuse } from "./scalar-checks.js";
import { writeObject, writeType } from "./type-checks.js";
import { importTypes } from "./type-imports.js";
import { typeText } from "./type-text.js";

/** What readers of stored data refuse to go beyond: nothing may be stored that cannot be read. */
const MAX_DEPTH = 512;

/** What `checks.ts` needs besides the model. */
export interface ChecksOptions {
  /**
   * The import specifier of the module that exports the schema; its fields with refinements are
   * parsed as well.
   */
  readonly schemaModule?: string;
  readonly importExtension: string;
}

/**
 * Writes `checks.ts`: a function per named type and per field, straight-line, that throws on what
 * the schema forbids.
 */
export function writeChecks(file: FileBuilder, model: SessionModel, options: ChecksOptions): void {
  const names = checkNames(model);
  const helpers = new Set<string>();
  const patterns = new Map<string, string>();
  const shared: Omit<CheckWriter, "out" | "variable"> = {
    zod: model.zod,
    helper: (name) => {
      helpers.add(name);
      return name;
    },
    pattern: (pattern) => patternConstant(patterns, pattern),
    check: (type) => names.types.get(type) ?? `check${type}`,
  };
  const recursive = isRecursive(model);
  const addFunction = (
    name: string,
    type: string,
    path: string | undefined,
    write: (w: CheckWriter) => void,
  ): void => {
    const scope = new Scope(["value", "path", "depth"]);
    const counts = recursive && path === undefined;
    file.addFunction({
      isExported: true,
      name,
      parameters: [
        { name: "value", type: "unknown" },
        {
          name: "path",
          type: "string",
          ...(path === undefined ? {} : { initializer: JSON.stringify(path) }),
        },
        ...(counts ? [{ name: "depth", type: "number", initializer: "0" }] : []),
      ],
      returnType: `asserts value is ${type}`,
      docs: [
        path === undefined
          ? `Checks a {@link ${type}}.`
          : `Checks the field \`${path.replaceAll("*/", "*\\/")}\`.`,
      ],
      statements: (out) => {
        const writer = { ...shared, out, variable: (wish: string) => scope.declare(wish) };
        if (!counts) return write(writer);
        refuse(writer, `depth >= ${MAX_DEPTH}`, "path", `no more than ${MAX_DEPTH} levels`);
        write({ ...writer, depth: "depth + 1" });
      },
    });
  };
  for (const [name, type] of namedTypes(model)) {
    addFunction(shared.check(name), name, undefined, (writer) => writeNamed(writer, type));
  }
  for (const field of model.fields) {
    const refined = options.schemaModule !== undefined && isRefined(model, field);
    if (refined) for (const name of ["fail", "schemaOf"]) shared.helper(name);
    addFunction(names.fields.get(field.name) ?? "", assignableTypeText(field), field.name, (writer) =>
      writeField(writer, field, refined),
    );
  }
  file.prependStatements([
    ...(helpers.has("schemaOf") ? ["const schema = schemaOf(schemaModule);"] : []),
    ...[...patterns].map(([literal, name]) => `const ${name} = ${literal};`),
  ]);
  const used = model.fields.map(assignableTypeText);
  importTypes(
    file,
    model,
    [...namedTypes(model).values()].map(typeText).concat([...namedTypes(model).keys()], used),
    options.importExtension,
  );
  if (options.schemaModule !== undefined && model.fields.some((field) => isRefined(model, field))) {
    file.addImportDeclaration({ moduleSpecifier: options.schemaModule, namespaceImport: "schemaModule" });
  }
  if (helpers.size > 0) {
    file.addImportDeclaration({ moduleSpecifier: "@sessgen/runtime", namedImports: [...helpers].sort() });
  }
}

function writeNamed(writer: CheckWriter, type: Type): void {
  if (type.kind === "object") writeObject(writer, type, "value", "path");
  else writeType(writer, type, "value", "path");
}

function writeField(writer: CheckWriter, field: Field, refined: boolean): void {
  const write = (): void => {
    writeType(writer, field.type, "value", "path");
    if (!refined) return;
    const key = JSON.stringify(field.name);
    writer.out.writeLine(`if (!schema.accepts(${key}, value)) fail(path, "what its refinements allow");`);
  };
  if (field.optional && field.default === undefined && field.catch === undefined) {
    writer.out.write("if (value !== undefined)").block(write);
  } else {
    write();
  }
}

function isRefined(model: SessionModel, field: Field): boolean {
  return model.refinements.some(
    ({ path }) =>
      path === field.name || path.startsWith(`${field.name}.`) || path.startsWith(`${field.name}[`),
  );
}

/**
 * A pattern that is used twice is compiled once. Without `g` and `y`, which would make `test`
 * remember.
 */
function patternConstant(patterns: Map<string, string>, pattern: Pattern): string {
  const { source } = new RegExp(pattern.source, pattern.flags);
  const literal = `/${source}/${pattern.flags.replace(/[gy]/g, "")}`;
  const known = patterns.get(literal);
  if (known !== undefined) return known;
  const name = `pattern${patterns.size + 1}`;
  patterns.set(literal, name);
  return name;
}
