import { typeName } from "../../code/emitted-names.js";
import { camelCase, pascalCase, pascalPath, Scope } from "../../code/names.js";
import type { Field, FormerType, Property, SessionModel, Type } from "../../model/model.js";
import type { ModuleExport } from "../../model/module-export.js";
import { childrenOf, type Place } from "../../model/walk.js";
import { kindOf } from "./kinds/index.js";
import type { TypeTexts } from "./kinds/kind.js";
import { needsCheck } from "./needs-check.js";
import { insideOf } from "./stepped.js";
import { unionMembers, unionText } from "./union-text.js";

/** A longer text of a type gets a name. */
const LONG_TYPE = 60;

/** What the module of one model is made of, and what its parts are called in all of its files. */
export class Emission {
  readonly model: SessionModel;
  readonly extension: string;
  /** Objects and targets of references, in the order the fields lead to them. */
  readonly types: ReadonlyMap<string, Type>;
  /** Types whose text is long, by what they are called. */
  readonly aliases: ReadonlyMap<string, Type>;
  /** Enums of the application's own, by what they are called here. */
  readonly enums: ReadonlyMap<string, ModuleExport>;
  /** Types of {@link types} whose values can contain values of their own type. */
  readonly recursive: ReadonlySet<string>;
  /** Types that have a check: by name where they have one, else the types themselves. */
  readonly #checks = new Map<string | Type, string>();
  readonly #fieldChecks = new Map<string, string>();
  readonly #stepChecks = new Map<Property, string>();
  readonly #aliasOf = new Map<Type, string>();
  readonly #levels = new Map<string, number>();
  readonly #pathOf = new Map<string, string>();

  constructor(model: SessionModel, extension: string, sessionClass: string) {
    this.model = { ...model, types: { ...model.types, ...typesOfBefore(model) } };
    model = this.model;
    this.extension = extension;
    this.types = namedTypes(model);
    this.enums = this.#findEnums(sessionClass);
    this.recursive = new Set([...this.types.keys()].filter((name) => this.#reaches(name, name)));
    for (const { type } of model.fields.flatMap((field) => [field, ...(field.former ?? [])]))
      this.#findLevels(type, 0);
    this.aliases = this.#findAliases(sessionClass);
    this.#nameChecks();
  }

  /** Gives the specifier of another file of the module. */
  file(name: string): string {
    return `./${name}${this.extension}`;
  }

  /** Gives what the function is called that checks values of the type, if it has one. */
  checkOf(type: Type): string | undefined {
    return this.#checks.get(type.kind === "object" || type.kind === "ref" ? type.name : type);
  }

  /** Gives what the function is called that checks the field. */
  fieldCheck(field: Field): string {
    return this.#fieldChecks.get(field.name) ?? "";
  }

  /** The checks of properties whose values are made of older ones, each with its name. */
  get stepChecks(): ReadonlyMap<Property, string> {
    return this.#stepChecks;
  }

  /** Gives the field whose check is that of the named type, if there is one. */
  fieldOf(name: string): string | undefined {
    return this.#pathOf.get(name);
  }

  /** Tells whether the check of the field is that of its type. */
  isCheckedByType({ name, type }: Field): boolean {
    return isNamed(type) && this.fieldOf(type.name) === name;
  }

  /** Types without a name of their own that have a check nevertheless, with its name. */
  get variantChecks(): readonly (readonly [Type, string])[] {
    return [...this.#checks].flatMap(([key, name]) =>
      typeof key === "string" ? [] : [[key, name] as const],
    );
  }

  /** Gives the name of the type, where it has one because its text is long. */
  aliasOf(type: Type): string | undefined {
    return this.#aliasOf.get(type);
  }

  /** Tells whether the check of the type counts how deep it is. */
  counts(type: Type): boolean {
    if (type.kind === "object" || type.kind === "ref") return this.recursive.has(type.name);
    return this.#namesIn(type).some((name) => this.recursive.has(name));
  }

  /** Says how many named types lie around a type that is not recursive, at most. */
  levelOf(name: string): number {
    return this.#levels.get(name) ?? 0;
  }

  #findLevels(type: Type, level: number): void {
    if (!isNamed(type)) {
      for (const child of insideOf(type)) this.#findLevels(child.type, level);
      return;
    }
    const { name } = type;
    if (this.recursive.has(name) || (this.#levels.get(name) ?? -1) >= level) return;
    this.#levels.set(name, level);
    for (const child of insideOf(this.types.get(name) ?? type)) this.#findLevels(child.type, level + 1);
  }

  /**
   * Tells whether a constant of the type has to be told that it is one: it has members of an enum.
   */
  hasEnum(type: Type, seen: ReadonlySet<string> = new Set()): boolean {
    if (this.enums.size === 0) return false;
    if (type.kind === "enum") return type.declared !== undefined;
    if (type.kind === "ref" && !seen.has(type.name)) {
      const target = this.types.get(type.name);
      return target !== undefined && this.hasEnum(target, new Set([...seen, type.name]));
    }
    return insideOf(type).some((child) => this.hasEnum(child.type, seen));
  }

  #enumName({ module, export: name }: ModuleExport): string {
    const found = [...this.enums].find(([, one]) => one.module === module && one.export === name);
    return found?.[0] ?? name;
  }

  #findEnums(sessionClass: string): Map<string, ModuleExport> {
    const scope = new Scope(this.types.keys());
    const enums = new Map<string, ModuleExport>();
    const seen = new Set<string>();
    const visit = (type: Type): void => {
      if (type.kind === "enum" && type.declared !== undefined) {
        const { module, export: name } = type.declared;
        if (seen.has(`${module} ${name}`)) return;
        seen.add(`${module} ${name}`);
        enums.set(scope.declare(typeName(name, sessionClass), `${name}Enum`), type.declared);
      }
      for (const child of insideOf(type)) visit(child.type);
    };
    for (const type of this.types.values()) visit(type);
    for (const { type, former = [] } of this.model.fields)
      for (const one of [type, ...former.map((before) => before.type)]) visit(one);
    return enums;
  }

  /** Gives the texts of types. @param use - is told of each named type that the text refers to */
  texts(use: (name: string) => string): TypeTexts {
    const members = (type: Type): readonly string[] => {
      const alias = this.#aliasOf.get(type);
      return alias === undefined ? kindOf(type).typeText(type, to) : [use(alias)];
    };
    const to: TypeTexts = {
      members,
      of: (type) => unionText(members(type)),
      operand: (type) => {
        const texts = unionMembers(members(type));
        const text = texts.join(" | ");
        return texts.length > 1 || text.startsWith("readonly ") ? `(${text})` : text;
      },
      named: use,
      declared: (one) => use(this.#enumName(one)),
    };
    return to;
  }

  /** Gives the text of a type that has a name because of its length, without that name. */
  aliasMembers(type: Type, to: TypeTexts): readonly string[] {
    return unionMembers(kindOf(type).typeText(type, to));
  }

  #findAliases(sessionClass: string): Map<string, Type> {
    const scope = new Scope([...this.types.keys(), ...this.enums.keys()]);
    const to = this.texts((name) => name);
    const byText = new Map<string, string>();
    const aliases = new Map<string, Type>();
    const visit = (type: Type, path: readonly string[]): void => {
      for (const { type: inner, place } of insideOf(type)) visit(inner, [...path, ...stepOf(place)]);
      if (isNamed(type) || type.kind === "nullable" || type.kind === "optional") return;
      const text = to.of(type);
      if (text.length <= LONG_TYPE) return;
      let name = byText.get(text);
      if (name === undefined) {
        const wish = typeName(pascalPath(path), sessionClass);
        name = scope.declare(wish, `${wish}Value`);
        byText.set(text, name);
        aliases.set(name, type);
      }
      this.#aliasOf.set(type, name);
    };
    for (const [name, type] of this.types) {
      // A named type has its name already.
      for (const { type: inner, place } of insideOf(type)) visit(inner, [name, ...stepOf(place)]);
    }
    for (const { name, type, former = [] } of this.model.fields) {
      visit(type, [name]);
      for (const [index, one] of former.entries()) visit(one.type, [name, `v${index + 1}`]);
    }
    return aliases;
  }

  #nameChecks(): void {
    const scope = new Scope();
    for (const name of this.types.keys()) this.#checks.set(name, scope.declare(`check${name}`));
    for (const field of this.model.fields) {
      const own = this.#directCheck(field);
      if (own !== undefined) {
        this.#fieldChecks.set(field.name, own);
        continue;
      }
      const wish = `check${pascalCase(field.name)}`;
      this.#fieldChecks.set(field.name, scope.declare(wish, `${wish}Field`));
    }
    for (const [name, type] of this.types) {
      if (type.kind !== "object") continue;
      for (const property of type.properties) {
        const wish = `check${name}${pascalCase(property.name)}`;
        if (property.former) this.#stepChecks.set(property, scope.declare(wish, `${wish}Step`));
      }
    }
    const visit = (type: Type, path: readonly string[]): void => {
      for (const { type: inner, place } of insideOf(type)) {
        const below = [...path, ...stepOf(place)];
        visit(inner, below);
        const bare = bareType(inner);
        if (place.kind !== "variant" || isNamed(bare) || !needsCheck(bare)) continue;
        this.#checks.set(bare, scope.declare(`check${pascalPath(below)}`));
      }
    };
    for (const [name, type] of this.types) visit(type, [name]);
    for (const { name, type, former = [] } of this.model.fields) {
      visit(type, [name]);
      for (const [index, one] of former.entries()) visit(one.type, [name, `v${index + 1}`]);
    }
  }

  /** The check of a named type, which for one field of just that type is its check, too. */
  #directCheck(field: Field): string | undefined {
    const { type } = field;
    if (field.optional || !isNamed(type) || isRefined(this.model, field)) return undefined;
    if (this.#pathOf.has(type.name)) return undefined;
    this.#pathOf.set(type.name, field.name);
    return this.#checks.get(type.name);
  }

  #reaches(from: string, to: string): boolean {
    const seen = new Set<string>();
    const queue = this.#namesInside(from);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (name === to) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      queue.push(...this.#namesInside(name));
    }
    return false;
  }

  #namesInside(name: string): string[] {
    const type = this.types.get(name);
    return type === undefined ? [] : insideOf(type).flatMap((child) => this.#namesIn(child.type));
  }

  /** The named types that come first in a type. */
  #namesIn(type: Type): string[] {
    return isNamed(type) ? [type.name] : insideOf(type).flatMap((child) => this.#namesIn(child.type));
  }
}

/** Gives the constant of a field in `fields.ts`: `cartField`. */
export function fieldConstant(field: Field): string {
  return `${camelCase(field.name)}Field`;
}

/** What is called by a name: objects, and what references lead to. */
function isNamed(type: Type): type is Extract<Type, { kind: "object" | "ref" }> {
  return type.kind === "object" || type.kind === "ref";
}

/** Gives the type without what merely allows `null` or `undefined`. */
export function bareType(type: Type): Type {
  return type.kind === "nullable" || type.kind === "optional" ? bareType(type.inner) : type;
}

/** Every type that the emitted code calls by name. */
function namedTypes(model: SessionModel): ReadonlyMap<string, Type> {
  const named = new Map<string, Type>();
  const visit = (type: Type): void => {
    if (isNamed(type)) {
      const target = type.kind === "object" ? type : model.types[type.name];
      if (target === undefined || named.has(type.name)) return;
      named.set(type.name, target);
      if (target.kind !== "object" || target.name !== type.name) return visit(target);
      type = target;
    }
    for (const child of insideOf(type)) visit(child.type);
  };
  for (const field of model.fields) {
    visit(field.type);
    for (const { type } of field.former ?? []) visit(type);
  }
  return named;
}

/** The named types of what fields, and properties anywhere in them, were before. */
function typesOfBefore({ fields, types }: SessionModel): SessionModel["types"] {
  const found: Record<string, Type> = {};
  const visit = (type: Type): void => {
    if (type.kind === "object") for (const { former = [] } of type.properties) add(former);
    for (const child of childrenOf(type)) visit(child.type);
  };
  const add = (former: readonly FormerType[]): void => {
    for (const one of former) Object.assign(found, one.types);
  };
  for (const { type, former = [] } of fields) {
    add(former);
    visit(type);
  }
  for (const type of Object.values(types)) visit(type);
  return found;
}

/** How a place shows in a name. */
function stepOf(place: Place): readonly string[] {
  switch (place.kind) {
    case "property":
      return [place.property.name];
    case "variant":
      return [String(place.variant.slot + 1)];
    case "item":
      return [String(place.index + 1)];
    case "element":
      return ["item"];
    case "inner":
      return [];
    default:
      return [place.kind];
  }
}

/** Whether there is something about the field that only its schema can judge. */
function isRefined(model: SessionModel, field: Field): boolean {
  return model.refinements.some(
    ({ path }) =>
      path === field.name || path.startsWith(`${field.name}.`) || path.startsWith(`${field.name}[`),
  );
}
