import type { ModuleExport } from "./module-export.js";

/**
 * A value that JSON can hold. Dates, bigints, bytes, maps and sets in defaults are tagged: see
 * {@link Constant}.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A constant of the schema (default, catch, literal), serialisable whatever its type. */
export type Constant =
  | { readonly kind: "json"; readonly value: null | boolean | number | string }
  | { readonly kind: "number"; readonly value: "NaN" | "Infinity" | "-Infinity" | "-0" }
  | { readonly kind: "undefined" }
  | { readonly kind: "bigint"; readonly value: string }
  | { readonly kind: "date"; readonly value: number }
  | { readonly kind: "bytes"; readonly value: readonly number[]; readonly buffer?: true }
  | { readonly kind: "array"; readonly items: readonly Constant[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Constant])[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Constant, Constant])[] }
  | { readonly kind: "set"; readonly items: readonly Constant[] };

/**
 * What stands in for a value. A constant was the same at every moment it was asked for, so it can
 * be written into the code; of a field, what was not can be asked of the application's own schema.
 */
export type Fallback = Constant | { readonly kind: "asked"; readonly field: string };

/** A numeric bound. */
export interface Bound<T> {
  readonly value: T;
  readonly exclusive: boolean;
}

/** A string format that setters check; each has a compiled predicate in the runtime. */
export type StringFormat =
  | "email"
  | "url"
  | "uuid"
  | "guid"
  | "nanoid"
  | "cuid"
  | "cuid2"
  | "ulid"
  | "xid"
  | "ksuid"
  | "ipv4"
  | "ipv6"
  | "cidrv4"
  | "cidrv6"
  | "mac"
  | "base64"
  | "base64url"
  | "e164"
  | "jwt"
  | "emoji"
  | "hostname"
  | "hex"
  | "date"
  | "time"
  | "datetime"
  | "duration"
  | "lowercase"
  | "uppercase";

/** A regular expression as data. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/**
 * A type that a field or a property had, and the function that takes its values to the next one.
 */
export interface FormerType {
  /** The one that values of the type are stored under; from the lock. */
  readonly slot: number;
  /** What documents call it, where that is not its name; from the lock. */
  readonly stored?: StoredNames;
  readonly type: Type;
  /**
   * What it refers to by name, itself too: apart from the model's, which may have changed since.
   */
  readonly types?: Readonly<Record<string, Type>>;
  /** Of the application's, relative to the config file. */
  readonly module: string;
  readonly up: string;
  readonly down?: string;
}

export interface StringType {
  readonly kind: "string";
  /** Drives the encoding (`uuid` is stored as 16 bytes) and the description. */
  readonly format?: StringFormat;
  /** Length as the schema's Zod counts: Zod 4 in code points, Zod 3 in UTF-16 code units. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** All must match; a format's own pattern (as Zod publishes it) is among them. */
  readonly patterns: readonly Pattern[];
  readonly includes?: readonly string[];
  readonly startsWith?: string;
  readonly endsWith?: string;
  /** The members of a template literal or other known TypeScript type text; absent: `string`. */
  readonly typeText?: string;
}
export interface NumberType {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: Bound<number>;
  readonly max?: Bound<number>;
  readonly multipleOf?: readonly number[];
  /** Zod 3 allows infinities in `z.number()`, Zod 4 does not. */
  readonly finite: boolean;
}
export interface BigIntType {
  readonly kind: "bigint";
  /** Decimal strings, since JSON has no bigint. */
  readonly min?: Bound<string>;
  readonly max?: Bound<string>;
  readonly multipleOf?: string;
}
export interface BooleanType {
  readonly kind: "boolean";
}
export interface NullType {
  readonly kind: "null";
}
export interface UndefinedType {
  readonly kind: "undefined";
}
export interface DateType {
  readonly kind: "date";
  /** Milliseconds since the Unix epoch. */
  readonly min?: number;
  readonly max?: number;
}
export interface BytesType {
  readonly kind: "bytes";
  /** They are to be a `Buffer` of Node's. */
  readonly buffer?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
}
/** `z.any()` and `z.unknown()`: whatever MessagePack can hold. */
export interface UnknownType {
  readonly kind: "unknown";
  readonly any: boolean;
}
export interface LiteralType {
  readonly kind: "literal";
  readonly values: readonly Constant[];
  /** What values are stored as that were renamed; see {@link Renamed}. */
  readonly renamed?: readonly Renamed[];
}
/**
 * A value, or a name, that is stored as what it was called first, so that an older deploy reads it
 * and writes it, too.
 */
export interface Renamed {
  readonly now: string | number;
  /** The first is written, all of them are read. */
  readonly stored: StoredNames;
}
/** What something is called where it is stored by name: the first is written, all are read. */
export type StoredNames = readonly [string | number, ...(string | number)[]];
export interface EnumMember {
  readonly value: string | number;
  /** What it was called before, says the config. */
  readonly was?: string | number;
  /** What documents call it, where that is another name; from the lock. */
  readonly stored?: StoredNames;
  /** The member's index on the wire; append-only, from the lock. */
  readonly slot: number;
}
export interface EnumType {
  readonly kind: "enum";
  readonly members: readonly EnumMember[];
  /** The TypeScript enum that it is, where emitted types may import it. */
  readonly declared?: ModuleExport;
}
export interface Property {
  readonly name: string;
  /** The property's bit and position on the wire; append-only, from the lock. */
  readonly slot: number;
  /** What it was called before, says the config. */
  readonly was?: string;
  /** What documents call it, where that is another name; from the lock. */
  readonly stored?: StoredNames;
  /** Without the `undefined` that comes with being optional. */
  readonly type: Type;
  /** May be absent in what setters take, or `undefined`. */
  readonly optional: boolean;
  /** Zod's `.exactOptional()` or equivalents: absent allowed, `undefined` not. */
  readonly exact?: boolean;
  /** Must be there though it may be `undefined`, or its TypeScript type has it optional. */
  readonly present?: boolean;
  /** What is read where nothing is stored: a default, or what a catch makes of absence. */
  readonly default?: Fallback;
  /** What is read in place of something unreadable. */
  readonly catch?: Fallback;
  /**
   * Values that are read though the type's own rules refuse them: a default that Zod does not
   * check, or what a catch gives. What is read can be assigned.
   */
  readonly besides?: readonly Constant[];
  /** What it was before its type changed, oldest first. */
  readonly former?: readonly FormerType[];
  readonly description?: string;
}
export interface ObjectType {
  readonly kind: "object";
  /** PascalCase name of the emitted interface; unique in the model. */
  readonly name: string;
  readonly properties: readonly Property[];
  /**
   * `strip`: other keys are dropped; `strict`: refused; `loose`: kept as unknown values; or kept
   * and typed.
   */
  readonly rest: "strip" | "strict" | "loose" | { readonly catchall: Type };
  /** Of `.readonly()`, as with lists, tuples, maps and sets: only the TypeScript type says so. */
  readonly readonly?: boolean;
}
export interface ArrayType {
  readonly kind: "array";
  readonly element: Type;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly readonly?: boolean;
}
export interface TupleType {
  readonly kind: "tuple";
  readonly items: readonly Type[];
  /** How many leading items must be present. The others may be missing, from the end on. */
  readonly required: number;
  /** How many Zod asks for, where its type says fewer. */
  readonly present?: number;
  readonly rest?: Type;
  readonly readonly?: boolean;
}
export interface RecordType {
  readonly kind: "record";
  readonly key: Type;
  readonly value: Type;
  /**
   * Keys that are listed need not all be there. Where none are, only the TypeScript type has
   * `undefined`; no value is `undefined` that its type does not admit.
   */
  readonly partial: boolean;
  readonly readonly?: boolean;
}
export interface MapType {
  readonly kind: "map";
  readonly key: Type;
  readonly value: Type;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly readonly?: boolean;
}
export interface SetType {
  readonly kind: "set";
  readonly element: Type;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly readonly?: boolean;
}
export interface Variant {
  /** The variant's index on the wire; append-only, from the lock. */
  readonly slot: number;
  /**
   * What names the variant in the lock: the discriminator's value(s), or a signature of the type.
   */
  readonly label: string;
  /** What its label was before, says the config. */
  readonly was?: string;
  readonly type: Type;
}
export interface UnionType {
  readonly kind: "union";
  /** Present for discriminated unions: the property that tells the variants apart. */
  readonly discriminator?: string;
  readonly variants: readonly Variant[];
}
export interface NullableType {
  readonly kind: "nullable";
  readonly inner: Type;
}
/**
 * `undefined` allowed where there is no property to be absent, e.g.
 * `z.array(z.string().optional())`.
 */
export interface OptionalType {
  readonly kind: "optional";
  readonly inner: Type;
}
/** A use of a named type: recursive types, and types with an explicit id (`.meta({ id })`). */
export interface RefType {
  readonly kind: "ref";
  readonly name: string;
  readonly readonly?: boolean;
}

/** Everything a session field can hold. */
export type Type =
  | StringType
  | NumberType
  | BigIntType
  | BooleanType
  | NullType
  | UndefinedType
  | DateType
  | BytesType
  | UnknownType
  | LiteralType
  | EnumType
  | ObjectType
  | ArrayType
  | TupleType
  | RecordType
  | MapType
  | SetType
  | UnionType
  | NullableType
  | OptionalType
  | RefType;

/**
 * What a schema does besides saying which values it gives out.
 * - `refinement`: judges a value, as a function
 * - `pipe`: has another schema judge it first
 * - `overwrite`: changes a value, as a function (`.trim()`)
 * - `coercion`, `default`, `catch`: take other values than they give out
 * - `unchecked`: has a default that the schema itself does not allow
 */
export type RefinementKind =
  | "refinement"
  | "pipe"
  | "overwrite"
  | "coercion"
  | "default"
  | "catch"
  | "unchecked";

/**
 * Something of the schema that is not compiled into the emitted code: run by setters when
 * `schemaModule` is set.
 */
export interface Refinement {
  /** The path of the schema it hangs on, e.g. `user.name`. */
  readonly path: string;
  readonly kind: RefinementKind;
}
