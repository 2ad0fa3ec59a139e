import type {
  ClassDeclarationStructure,
  CodeBlockWriter,
  ExportDeclarationStructure,
  FunctionDeclarationStructure,
  ImportDeclarationStructure,
  InterfaceDeclarationStructure,
  OptionalKind,
  SourceFileStructure,
  StatementStructures,
  TypeAliasDeclarationStructure,
} from "ts-morph";

/**
 * The part of ts-morph that is needed at run time; handed in, since it is loaded only when
 * something is emitted.
 */
export interface Morph {
  readonly CodeBlockWriter: typeof CodeBlockWriter;
  readonly StructureKind: typeof import("ts-morph").StructureKind;
}

/** A function as `addFunction` takes it: with its statements as text, or written to a writer. */
export type FunctionStructure = Omit<OptionalKind<FunctionDeclarationStructure>, "statements"> & {
  readonly statements: (out: CodeBlockWriter) => void;
};

/**
 * Collects the statements of one file. ts-morph parses a file anew with each statement that is
 * added to it, which takes time in the square of its length; a file made from all of its statements
 * at once is parsed once.
 */
export class FileBuilder {
  readonly #morph: Morph;
  readonly #imports: ImportDeclarationStructure[] = [];
  #statements: (string | StatementStructures)[] = [];

  constructor(morph: Morph) {
    this.#morph = morph;
  }

  addImportDeclaration(declaration: OptionalKind<ImportDeclarationStructure>): void {
    this.#imports.push({ ...declaration, kind: this.#morph.StructureKind.ImportDeclaration });
  }

  addExportDeclaration(declaration: OptionalKind<ExportDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.ExportDeclaration });
  }

  addInterface(declaration: OptionalKind<InterfaceDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.Interface });
  }

  addTypeAlias(declaration: OptionalKind<TypeAliasDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.TypeAlias });
  }

  addClass(declaration: OptionalKind<ClassDeclarationStructure>): void {
    this.#statements.push({ ...declaration, kind: this.#morph.StructureKind.Class });
  }

  /** The statements are written at once: what they need is known when this returns. */
  addFunction({ statements, ...declaration }: FunctionStructure): void {
    const kind = this.#morph.StructureKind.Function;
    this.#statements.push({ ...declaration, statements: this.#text(statements), kind });
  }

  addStatements(statements: string | ((out: CodeBlockWriter) => void)): void {
    const text = typeof statements === "string" ? statements : this.#text(statements);
    this.#statements.push(`\n${text}\n`);
  }

  /** Puts statements before all others; imports stay first. */
  prependStatements(statements: readonly string[]): void {
    if (statements.length > 0) this.#statements = [`\n${statements.join("\n")}\n`, ...this.#statements];
  }

  /** The whole file. */
  structure(): SourceFileStructure {
    return {
      kind: this.#morph.StructureKind.SourceFile,
      statements: [...this.#imports, ...this.#statements],
    };
  }

  #text(write: (out: CodeBlockWriter) => void): string {
    const out = new this.#morph.CodeBlockWriter({ indentNumberOfSpaces: 2 });
    write(out);
    return out.toString();
  }
}
