import type { Doc } from "../../code/doc.js";
import { all } from "../../code/syntax.js";
import { constantText } from "../../model/constant-text.js";
import type { Fallback, ObjectType, Property, Type } from "../../model/model.js";
import { provided, type Rule } from "./rules.js";

/** Tells whether a value may lack the property. */
export function isOptional(property: Property): boolean {
  return property.optional;
}

/**
 * Tells whether the property may be missing in what is read, where a default may stand in for it.
 */
export function mayBeMissing(property: Property): boolean {
  return property.optional && property.default === undefined;
}

/** Gives the rules for all values but those that are there in spite of them. */
export function unlessBesides(
  { besides = [] }: Property,
  value: string,
  rules: readonly Rule[],
  isList: () => string,
): readonly Rule[] {
  if (besides.length === 0) return rules;
  const others = besides.map(
    (constant): Doc =>
      constant.kind === "array"
        ? `!(${isList()}(${value}) && ${value}.length === 0)`
        : `${value} !== ${constantText(constant)}`,
  );
  return provided(all(others), rules);
}

/**
 * Gives what stands in for a property that is missing in what is stored; `undefined`: nothing does.
 */
export function substituteOf(property: Property): Fallback | undefined {
  return property.default;
}

/** Tells whether keys outside the schema are stored. */
export function hasRest({ rest }: ObjectType): boolean {
  return rest !== "strip" && rest !== "strict";
}

/** Tells whether there is but one value of the type: nobody has to look at it to write it. */
export function isUnit(type: Type): boolean {
  return type.kind === "null" || type.kind === "undefined";
}
