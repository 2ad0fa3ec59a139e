import type {
  ClassDeclarationStructure,
  InterfaceDeclarationStructure,
  OptionalKind,
  Project,
  StatementStructures,
} from "ts-morph";
import { banner } from "./banner.js";
import { type Doc, group, hardline, ifBroken, indent, join, line, print } from "./doc.js";
import { Scope } from "./names.js";
import { stringText } from "./syntax.js";

/**
 * The part of ts-morph that declarations are printed by; handed in, since it is loaded only when
 * something is emitted.
 */
export interface Morph {
  readonly project: Project;
  readonly StructureKind: typeof import("ts-morph").StructureKind;
}

/** A name that is imported, and what it is called here. */
interface Import {
  readonly local: string;
  isType: boolean;
}

/**
 * One emitted file. What it uses of other modules is imported by being asked for; names that it
 * declares and names that it imports never clash. Classes and interfaces are ts-morph's, all else
 * is printed here.
 */
export class CodeFile {
  /** Names that nothing else in the file may have. */
  readonly scope: Scope;
  readonly #imports = new Map<string, Map<string, Import>>();
  readonly #namespaces = new Map<string, string>();
  readonly #statements: (Doc | StatementStructures)[] = [];
  readonly #morph: Morph;
  readonly #reserved: ReadonlySet<string>;

  /** @param reserved - names that are kept for what may still be imported by them */
  constructor(morph: Morph, reserved: ReadonlySet<string> = new Set()) {
    this.#morph = morph;
    this.#reserved = reserved;
    this.scope = new Scope(reserved);
  }

  /** Imports a value; what it is called here. */
  use(module: string, name: string, wish: string = name): string {
    const found = this.#import(module, name, wish);
    found.isType = false;
    return found.local;
  }

  /** Imports a type; what it is called here. */
  useType(module: string, name: string, wish: string = name): string {
    return this.#import(module, name, wish).local;
  }

  #import(module: string, name: string, wish: string): Import {
    let names = this.#imports.get(module);
    if (names === undefined) {
      names = new Map();
      this.#imports.set(module, names);
    }
    let found = names.get(name);
    if (found === undefined) {
      found = { local: this.#reserved.has(wish) ? wish : this.scope.declare(wish), isType: true };
      names.set(name, found);
    }
    return found;
  }

  /** Imports a module as a whole, under that name. */
  useAll(module: string, name: string): string {
    this.#namespaces.set(module, name);
    this.scope.reserve(name);
    return name;
  }

  /** Adds a statement. An empty line stands between any two. */
  add(statement: Doc): void {
    this.#statements.push(statement);
  }

  addInterface(declaration: OptionalKind<InterfaceDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.Interface });
  }

  addClass(declaration: OptionalKind<ClassDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.Class });
  }

  /** Exports types that are imported here. */
  exportTypes(names: readonly string[]): void {
    this.add(specifiers("export type", [...names].sort(compareNames), ";"));
  }

  /** Exports types of another module, and what is declared or imported here. */
  export(module: string, types: readonly string[], names: readonly string[]): void {
    const [sortedTypes, sortedNames] = [types, names].map((list) => [...list].sort(compareNames));
    this.add([
      specifiers("export type", sortedTypes ?? [], ` from ${stringText(module)};`),
      hardline,
      specifiers("export", sortedNames ?? [], ";"),
    ]);
  }

  /** Gives the whole file. */
  print(): string {
    const declarations = this.#declarations();
    const statements = this.#statements.map((statement) =>
      isStructure(statement) ? (declarations.shift() ?? "") : print(statement),
    );
    const imports = this.#importStatements().map((statement) => print(statement));
    const parts = [...(imports.length === 0 ? [] : [imports.join("\n")]), ...statements];
    // A file without any statement would be no module.
    return `${banner}\n${parts.join("\n\n") || "export {};"}\n`;
  }

  /** The texts of what ts-morph prints, in order. */
  #declarations(): string[] {
    const statements = this.#statements.filter(isStructure);
    if (statements.length === 0) return [];
    const { project, StructureKind } = this.#morph;
    const file = project.createSourceFile(
      "/declarations.ts",
      { kind: StructureKind.SourceFile, statements },
      { overwrite: true },
    );
    return file.getStatements().map((statement) => statement.getText(true));
  }

  #importStatements(): Doc[] {
    const named = [...this.#imports].map(([module, names]) => {
      const used = [...names].sort(([one], [other]) => compareNames(one, other));
      const onlyTypes = used.every(([, { isType }]) => isType);
      const shown = used
        .filter(([name]) => name !== "default")
        .map(([name, { local, isType }]) => {
          const alias = local === name ? name : `${name} as ${local}`;
          return isType && !onlyTypes ? `type ${alias}` : alias;
        });
      const whole = names.get("default")?.local;
      const keyword = [
        "import",
        ...(onlyTypes ? ["type"] : []),
        ...(whole === undefined ? [] : [whole]),
      ].join(" ");
      const end = ` from ${stringText(module)};`;
      if (whole !== undefined)
        return { module, code: shown.length === 0 ? keyword + end : specifiers(`${keyword},`, shown, end) };
      return { module, code: specifiers(keyword, shown, end) };
    });
    const whole = [...this.#namespaces].map(([module, name]) => ({
      module,
      code: `import * as ${name} from ${stringText(module)};`,
    }));
    return [...named, ...whole]
      .sort((one, other) => compareModules(one.module, other.module))
      .map(({ code }) => code);
  }
}

function isStructure(statement: Doc | StatementStructures): statement is StatementStructures {
  return typeof statement === "object" && "kind" in statement && typeof statement.kind === "number";
}

/** `import { a, b } from "c";`; a single name has nothing to be broken at. */
function specifiers(keyword: string, names: readonly string[], end: string): Doc {
  if (names.length < 2) return `${keyword} { ${names.join("")} }${end}`;
  return [keyword, " ", group("{", indent(line, join([",", line], names)), ifBroken(","), line, "}"), end];
}

/** Packages come before the files of the application. */
function compareModules(one: string, other: string): number {
  const [isOwn, isOther] = [one.startsWith("."), other.startsWith(".")];
  if (isOwn !== isOther) return isOwn ? 1 : -1;
  return one < other ? -1 : 1;
}

/**
 * The order that biome gives imported names: letter by letter, capitals first where they are alike;
 * digits by the number that they are.
 */
function compareNames(one: string, other: string): number {
  const [left, right] = [one, other].map((name) => name.match(/\d+|\D/g) ?? []);
  for (const [index, a] of (left ?? []).entries()) {
    const b = right?.[index];
    if (b === undefined) return 1;
    if (a === b) continue;
    if (/\d/.test(a) && /\d/.test(b) && Number(a) !== Number(b)) return Number(a) - Number(b);
    const [lowerA, lowerB] = [a.toLowerCase(), b.toLowerCase()];
    if (lowerA !== lowerB) return lowerA < lowerB ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return one.length - other.length;
}
