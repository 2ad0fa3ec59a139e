import type { Doc } from "../../code/doc.js";
import type { RuntimeName } from "../../code/emitted-names.js";
import { any } from "../../code/syntax.js";
import type { Type, UnionType } from "../../model/model.js";

/**
 * What a plain value looks like from outside; variants of a union whose kinds differ need no tag.
 * In the order in which they can be tested for one after the other: a number or `undefined` may be
 * tagged, and is an object then.
 */
export const plainKinds = [
  "undefined",
  "number",
  "null",
  "string",
  "bigint",
  "boolean",
  "date",
  "bytes",
  "array",
  "object",
] as const;

/** One of {@link plainKinds}. */
export type PlainKind = (typeof plainKinds)[number];

/** What the plain values of types look like. */
export interface PlainKinds {
  of(type: Type): ReadonlySet<PlainKind>;
  /** Gives the same of what the name stands for. */
  named(name: string): readonly PlainKind[];
}

/** Tells whether the variants' plain values are told apart by their kinds alone. */
export function isNatural({ variants }: UnionType, to: PlainKinds): boolean {
  const kinds = variants.flatMap((variant) => [...to.of(variant.type)]);
  return new Set(kinds).size === kinds.length;
}

/** Gives the place of the kinds in the order of tests. */
export function testOrder(kinds: ReadonlySet<PlainKind>): number {
  // Whoever takes any object would take what is tagged, too.
  if (kinds.has("object")) return plainKinds.length;
  return plainKinds.findIndex((kind) => kinds.has(kind));
}

/** Gives a condition on a plain value: it is of one of the kinds. */
export function plainTest(
  kinds: ReadonlySet<PlainKind>,
  value: string,
  use: (name: RuntimeName) => string,
): Doc {
  const tests: Record<PlainKind, () => string> = {
    undefined: () => `plain.isUndefined(${value})`,
    number: () => `plain.isNumber(${value})`,
    null: () => `${value} === null`,
    string: () => `typeof ${value} === "string"`,
    bigint: () => `typeof ${value} === "bigint"`,
    boolean: () => `typeof ${value} === "boolean"`,
    date: () => `${value} instanceof Date`,
    bytes: () => `${value} instanceof Uint8Array`,
    array: () => `Array.isArray(${value})`,
    object: () => `${use("isRecord")}(${value})`,
  };
  return any(plainKinds.filter((kind) => kinds.has(kind)).map((kind) => tests[kind]()));
}
