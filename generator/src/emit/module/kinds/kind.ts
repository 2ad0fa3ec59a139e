import type { Doc } from "../../../code/doc.js";
import type { RuntimeName } from "../../../code/emitted-names.js";
import type { Pattern, RefType, Type } from "../../../model/model.js";
import type { ModuleExport } from "../../../model/module-export.js";
import type { Path } from "../path.js";
import type { PlainKind, PlainKinds } from "../plain-kinds.js";
import type { Rule } from "../rules.js";

/**
 * All that one kind of type means in emitted code. What a type has inside is asked of the last
 * argument, which knows all kinds.
 */
export interface Kind<T extends Type> {
  /** Gives the texts whose union is the type in TypeScript. */
  typeText(type: T, to: TypeTexts): readonly string[];
  /**
   * Gives the rules that a value has to keep.
   * @param value - a variable that holds the value, of type `unknown`
   */
  check(type: T, value: string, path: Path, to: Checks): readonly Rule[];
  /**
   * Gives a condition by which the compiler knows the type of a value from the others of a union.
   * Bounds and formats are left out.
   */
  test(type: T, value: string, to: Tests): Doc;
  /** Gives what plain values of the type look like from outside, in json and in msgpack. */
  plain(type: T, to: PlainKinds): readonly PlainKind[];
  /** Gives the codec of the type. */
  codec(type: T, to: Codecs): Doc;
  /** Gives the statement that packs a value. */
  write(type: T, value: string, to: Codecs): Doc;
  /** Gives the expression that reads a packed value. */
  read(type: T, to: Codecs): Doc;
  /** Gives the expression that turns a value into plain data. */
  toPlain(type: T, value: string, to: Codecs): Doc;
  /** Gives the expression that reads plain data. */
  fromPlain(type: T, value: string, to: Codecs): Doc;
  /** Writes the functions of the type, of a kind that has some. */
  functions?(type: T, names: CodecFunctions, to: FunctionWriter): readonly Doc[];
  /** Gives the codec that is made of them. */
  assemble?(type: T, names: CodecFunctions, to: Codecs): Doc;
}

/** The texts of types in one file. */
export interface TypeTexts {
  /** Gives the text of a type. */
  of(type: Type): string;
  /** Gives the texts whose union is the type. */
  members(type: Type): readonly string[];
  /** Gives the text where `[]` or `?` follows. */
  operand(type: Type): string;
  /** Refers to a named type. */
  named(name: string): string;
  /** Refers to an enum of the application's. */
  declared(one: ModuleExport): string;
}

/** What conditions are written with. */
export interface Tests {
  /** Gives a name of the runtime's. */
  use(name: RuntimeName): string;
  /** Gives the condition that a value is of the type. */
  test(type: Type, value: string): Doc;
  /** Gives the condition that a type's own check lets a value through. */
  passes(type: Type, value: string): Doc;
}

/** What one function of `checks.ts` is written with. */
export interface Checks extends Tests {
  readonly zod: 3 | 4;
  /** Tells whether a value of the type can be `undefined`. */
  admitsUndefined(type: Type): boolean;
  /** Gives the rules for a value of the type. */
  rules(type: Type, value: string, path: Path): readonly Rule[];
  /** Gives the condition that a value is not of the type. */
  fails(type: Type, value: string, path: Path): Doc;
  /** Gives the statements of rules. */
  statements(rules: readonly Rule[]): Doc[];
  /** Gives the call of the check of a named type. */
  check(name: string, value: string, path: Path): Doc;
  /** Gives a constant that holds the pattern. */
  pattern(pattern: Pattern, format?: string): string;
  /** Gives a constant that holds the values. */
  values(literals: readonly string[]): string;
  /** Gives a variable; the first of the wishes that is free. */
  variable(...wishes: readonly [string, ...string[]]): string;
  /** Gives the same for a block inside, whose variables are its own. */
  within(): Checks;
  /** Gives the same for what has the name: constants are called after it. */
  of(name: string): Checks;
}

/** What the functions of a type are called. */
export interface CodecFunctions {
  readonly write: string;
  readonly read: string;
  readonly toPlain: string;
  readonly fromPlain: string;
}

/** What one function of `codec.ts` is written with. */
export interface Codecs {
  /** Gives a name of the runtime's. */
  use(name: RuntimeName): string;
  /** Gives the text of a type. */
  text(type: Type): string;
  /** Gives a constant of the type; says so where the compiler cannot see it. */
  typed(type: Type, code: Doc): Doc;
  /** Gives the codec of a type, as an expression. */
  codec(type: Type): Doc;
  /** Gives the constant that holds the codec of a type. */
  constant(type: Type): string;
  /** Gives the constant that is the codec of the keys that an object does not list. */
  restCodec(rest: Type): string;
  /** Gives the codec of what a reference leads to. */
  reference(type: RefType): Doc;
  /** Gives the functions of a type that has some. */
  functions(type: Type): CodecFunctions;
  write(type: Type, value: string): Doc;
  read(type: Type): Doc;
  toPlain(type: Type, value: string): Doc;
  fromPlain(type: Type, value: string): Doc;
  /** The parameter that plain data is written by; asking for it uses it. */
  readonly plain: string;
  /** Tells whether a value of the type can be `undefined`. */
  admitsUndefined(type: Type): boolean;
  /** Gives the condition that a value is of the type. */
  test(type: Type, value: string): Doc;
  /** Gives a variable; the first of the wishes that is free. */
  variable(...wishes: readonly [string, ...string[]]): string;
  /** Gives the same for a part of that name: constants are called after it. */
  of(name: string): Codecs;
}

/** What a part of a function is given. */
export type PartParameter = "writer" | "value" | "slots";

/** The statements of a function. */
type Body = (to: Codecs) => readonly Doc[];

/** Writes the functions of a type. */
export interface FunctionWriter {
  /** Gives a name of the runtime's. */
  use(name: RuntimeName): string;
  readonly plainKinds: PlainKinds;
  /** Gives a constant of the type, called after it. */
  constant(wish: string, type: string, value: Doc): string;
  /** Gives a function that does a part of another one. */
  part(
    name: string,
    parameters: readonly PartParameter[],
    body: Body,
  ): { readonly name: string; readonly code: Doc };
  /** Gives `function name(writer: PackedWriter, value: T): void`. */
  write(names: CodecFunctions, body: Body): Doc;
  /** Gives `function name(reader: PackedReader): T`. */
  read(names: CodecFunctions, body: Body): Doc;
  /** Gives `function name(value: T, plain: PlainCodec): unknown`. */
  toPlain(names: CodecFunctions, body: Body): Doc;
  /** Gives `function name(input: unknown, plain: PlainCodec): T`. */
  fromPlain(names: CodecFunctions, body: Body): Doc;
  /** The text of the type whose functions these are. */
  readonly text: string;
}
