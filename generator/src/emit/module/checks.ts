import type { CodeFile } from "../../code/code-file.js";
import { type Doc, hardline } from "../../code/doc.js";
import type { RuntimeName } from "../../code/emitted-names.js";
import { camelCase, type Scope } from "../../code/names.js";
import { array, binary, block, constant, signature, stringText } from "../../code/syntax.js";
import type { Field, Pattern, Type } from "../../model/model.js";
import { admitsUndefined } from "../../model/wrappers.js";
import { bareType, type Emission } from "./emission.js";
import { assignableText } from "./field-texts.js";
import { kindOf } from "./kinds/index.js";
import type { Checks } from "./kinds/kind.js";
import { memberRules } from "./kinds/object.js";
import { Path } from "./path.js";
import { isOptional, unlessBesides } from "./property.js";
import { failing, provided, type Rule, refuse, statements } from "./rules.js";
import { isJudged, sharesSchema, usesSchema } from "./user-schema.js";

/** What readers of stored data refuse to go beyond: nothing may be stored that cannot be read. */
const MAX_DEPTH = 512;

/**
 * Writes `checks.ts`: a function per named type and per field, straight-line, that throws on what
 * the schema forbids.
 * @param schemaModule - the import specifier of the module that exports the schema; its fields with
 *   refinements are parsed as well
 */
export function writeChecks(file: CodeFile, emission: Emission, schemaModule?: string): void {
  const { model } = emission;
  const constants: Doc[] = [];
  const functions: Doc[] = [];
  const texts = emission.texts((name) => file.useType(emission.file("types"), name));
  const writer = new CheckWriter(file, emission, constants);
  const add = (name: string, parameters: readonly string[], type: string, body: readonly Doc[]): void => {
    functions.push([
      signature(`export function ${name}`, parameters, `asserts value is ${type}`),
      " ",
      block(body),
    ]);
  };
  const path = Path.code("path");
  const parametersOf = (counts: boolean, field?: string): string[] => [
    "value: unknown",
    field === undefined ? "path: string" : `path = ${stringText(field)}`,
    ...(counts ? ["depth = 0"] : []),
  ];
  for (const [name, type] of emission.types) {
    const ref = { kind: "ref", name } as const;
    const counts = emission.counts(ref);
    const scope = file.scope.inner(["value", "path", "depth"]);
    const to = writer.function(scope, name, counts ? "depth + 1" : String(emission.levelOf(name) + 1));
    const isObject = type.kind === "object";
    const rules = isObject ? memberRules(type, "value", path, to) : to.rules(type, "value", path);
    const tooDeep = refuse(`depth >= ${MAX_DEPTH}`, path, `no more than ${MAX_DEPTH} levels`);
    const body = to.statements(counts ? [tooDeep, ...rules] : rules);
    add(emission.checkOf(ref) ?? "", parametersOf(counts, emission.fieldOf(name)), texts.named(name), body);
  }
  for (const [type, name] of emission.variantChecks) {
    const counts = emission.counts(type);
    const scope = file.scope.inner(["value", "path", "depth"]);
    const to = writer.function(scope, name, counts ? "depth" : undefined);
    add(
      name,
      parametersOf(counts),
      texts.of(type),
      to.statements(kindOf(type).check(type, "value", path, to)),
    );
  }
  for (const [{ name, type }, check] of emission.stepChecks) {
    const to = writer.function(file.scope.inner(["value"]), name, undefined);
    const rules = to.rules(type, "value", Path.text(name));
    add(check, ["value: unknown"], texts.of(type), to.statements(rules));
  }
  for (const field of model.fields) {
    if (emission.isCheckedByType(field)) continue;
    const to = writer.function(file.scope.inner(["value"]), field.name, undefined);
    const own: Rule[] = [...to.rules(field.type, "value", Path.text(field.name))];
    if (schemaModule !== undefined && isJudged(model, field)) {
      own.push(
        refuse(
          `!schema.accepts(${stringText(field.name)}, value)`,
          Path.text(field.name),
          "what its refinements allow",
        ),
      );
    }
    const rules = unlessBesides(field, "value", own, () => to.use("isList"));
    add(
      emission.fieldCheck(field),
      ["value: unknown"],
      assignableText(field, texts),
      fieldBody(field, rules, to),
    );
  }
  if (schemaModule !== undefined && usesSchema(model)) {
    const made = `${file.use("@sessgen/runtime", "schemaOf")}(${file.useAll(schemaModule, "schemaModule")})`;
    file.scope.reserve("schema");
    constants.unshift(
      sharesSchema(model)
        ? `export const schema: ${file.useType("@sessgen/runtime", "UserSchema")} = ${made};`
        : `const schema = ${made};`,
    );
  }
  if (constants.length > 0)
    file.add(constants.flatMap((one, index) => (index === 0 ? [one] : [hardline, one])));
  for (const one of functions) file.add(one);
}

/** The statements of a field's check: absence is checked first. */
function fieldBody(field: Field, rules: readonly Rule[], to: Checks): Doc[] {
  if (!isOptional(field)) return to.statements(rules);
  if (rules.length === 1) return to.statements(provided("value !== undefined", rules));
  return ["if (value === undefined) return;", ...to.statements(rules)];
}

/** What all functions of the file share. */
class CheckWriter {
  readonly #file: CodeFile;
  readonly #emission: Emission;
  readonly #constants: Doc[];
  /** Constants by what they hold. */
  readonly #known = new Map<string, string>();

  constructor(file: CodeFile, emission: Emission, constants: Doc[]) {
    this.#file = file;
    this.#emission = emission;
    this.#constants = constants;
  }

  /**
   * What one function is written with.
   * @param place - what is checked: constants are called after it
   * @param depth - what is passed on as the depth
   */
  function(scope: Scope, place: string, depth: string | undefined): Checks {
    const emission = this.#emission;
    const use = (name: RuntimeName): string => this.#file.use("@sessgen/runtime", name);
    const withDepth = (type: Type): string =>
      depth !== undefined && emission.counts(type) ? `, ${depth}` : "";
    const to: Checks = {
      zod: emission.model.zod,
      admitsUndefined: (type) => admitsUndefined(type, emission.model.types),
      use,
      rules: (type, value, path) => kindOf(type).check(type, value, path, to),
      test: (type, value) => kindOf(type).test(type, value, to),
      passes: (type, value) => `${use("passes")}(${emission.checkOf(type)}, ${value}${withDepth(type)})`,
      fails: (type, value, path) => {
        const bare = bareType(type);
        const check = bare.kind === "unknown" ? use("checkStorable") : emission.checkOf(bare);
        if (check === undefined) return failing(to.rules(type, value, path)) ?? "true";
        const fails = `!${use("passes")}(${check}, ${value}${withDepth(bare)})`;
        return failing(guarded(type, value, [refuse(fails, path, "")])) ?? "true";
      },
      statements: (rules) => statements(rules, () => use("fail")),
      check: (name, value, path) =>
        `${emission.checkOf({ kind: "ref", name })}(${value}, ${path.expression}${withDepth({ kind: "ref", name })});`,
      pattern: (pattern, format) => this.#pattern(pattern, `${camelCase(format ?? place)}Pattern`),
      values: (literals) =>
        this.#constant(`${camelCase(place)}Values`, `[${literals.join(", ")}]`, array(literals)),
      variable: (...wishes) => scope.declare(...wishes),
      within: () => this.function(scope.inner(), place, depth),
      of: (name) => this.function(scope, name, depth),
    };
    return to;
  }

  /** Without `g` and `y`, which would make `test` remember. */
  #pattern({ source, flags }: Pattern, name: string): string {
    const kept = flags.replace(/[gy]/g, "");
    // In a literal, the flag v takes ES2024.
    const text = kept.includes("v")
      ? `new RegExp(${stringText(source)}, ${stringText(kept)})`
      : `/${new RegExp(source, kept).source}/${kept}`;
    return this.#constant(name, text, text);
  }

  /** A value that is used twice has one constant. */
  #constant(wish: string, key: string, value: Doc): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.#file.scope.declare(wish);
    this.#known.set(key, name);
    this.#constants.push(constant(name, typeof value === "string" ? binary(value) : value));
    return name;
  }
}

/** The rules under what merely allows `null` or `undefined`. */
function guarded(type: Type, value: string, rules: readonly Rule[]): readonly Rule[] {
  if (type.kind !== "nullable" && type.kind !== "optional") return rules;
  const excepted = type.kind === "nullable" ? "null" : "undefined";
  return provided(`${value} !== ${excepted}`, guarded(type.inner, value, rules));
}
