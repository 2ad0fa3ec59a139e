import type { Doc } from "../../../code/doc.js";
import type { RuntimeName } from "../../../code/emitted-names.js";
import type { Pattern, Type } from "../../../model/model.js";
import type { Path } from "../path.js";
import type { Rule } from "../rules.js";

/**
 * All that one kind of type means in emitted code. What a type has inside is asked of the last
 * argument, which knows all kinds.
 */
export interface Kind<T extends Type> {
  /** The texts whose union is the type in TypeScript. */
  typeText(type: T, to: TypeTexts): readonly string[];
  /**
   * The rules that a value has to keep.
   * @param value - a variable that holds the value, of type `unknown`
   */
  check(type: T, value: string, path: Path, to: Checks): readonly Rule[];
  /**
   * A condition by which the compiler knows the type of a value from the others of a union. Bounds
   * and formats are left out.
   */
  test(type: T, value: string, to: Tests): Doc;
}

/** The texts of types in one file. */
export interface TypeTexts {
  /** The text of a type. */
  of(type: Type): string;
  /** The texts whose union is the type. */
  members(type: Type): readonly string[];
  /** The text where `[]` or `?` follows. */
  operand(type: Type): string;
  /** Refers to a named type. */
  named(name: string): string;
}

/** What conditions are written with. */
export interface Tests {
  /** A name of the runtime's. */
  use(name: RuntimeName): string;
  /** The condition that a value is of the type. */
  test(type: Type, value: string): Doc;
  /** The condition that a type's own check lets a value through. */
  passes(type: Type, value: string): Doc;
}

/** What one function of `checks.ts` is written with. */
export interface Checks extends Tests {
  readonly zod: 3 | 4;
  /** The rules for a value of the type. */
  rules(type: Type, value: string, path: Path): readonly Rule[];
  /** The condition that a value is not of the type. */
  fails(type: Type, value: string, path: Path): Doc;
  /** The statements of rules. */
  statements(rules: readonly Rule[]): Doc[];
  /** The call of the check of a named type. */
  check(name: string, value: string, path: Path): Doc;
  /** A constant that holds the pattern. */
  pattern(pattern: Pattern, format?: string): string;
  /** A constant that holds the values. */
  values(literals: readonly string[]): string;
  /** A variable; the first of the wishes that is free. */
  variable(...wishes: readonly [string, ...string[]]): string;
  /** The same for a block inside, whose variables are its own. */
  within(): Checks;
  /** The same for what has the name: constants are called after it. */
  of(name: string): Checks;
}
