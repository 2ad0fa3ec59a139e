import type { Fallback, ObjectType, Property, Type } from "../../model/model.js";

/** Whether the property may be missing in a value, not only in what is stored. */
export function isOptional(property: Property): boolean {
  return property.optional;
}

/** What stands in for a property that is missing in what is stored; `undefined`: nothing does. */
export function substituteOf(property: Property): Fallback | undefined {
  return property.default;
}

/** Whether keys outside the schema are stored. */
export function hasRest({ rest }: ObjectType): boolean {
  return rest !== "strip" && rest !== "strict";
}

/** Whether there is but one value of the type: nobody has to look at it to write it. */
export function isUnit(type: Type): boolean {
  return type.kind === "null" || type.kind === "undefined";
}
