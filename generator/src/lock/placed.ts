import { withStoredTag } from "../model/former.js";
import type { StoredNames, Type } from "../model/model.js";

/** Where a property, a variant or a member is stored. */
export interface Placed {
  readonly slot: number;
  /** What documents call it, where that is not what the schema calls it. */
  readonly stored?: StoredNames;
}

/** Gives an object, a union or an enum whose parts are at these places; any other type as it is. */
export function placed(type: Type, places: readonly Placed[]): Type {
  if (type.kind === "object")
    return {
      ...type,
      properties: type.properties.map((property, index) => ({ ...property, ...places[index] })),
    };
  if (type.kind === "enum")
    return { ...type, members: type.members.map((member, index) => ({ ...member, ...places[index] })) };
  if (type.kind !== "union") return type;
  const variants = type.variants.map((variant, index) => {
    const { slot, stored }: Placed = places[index] ?? variant;
    if (stored === undefined) return { ...variant, slot };
    const [label, ...others] = stored;
    const tagged = withStoredTag(variant.type, type.discriminator, String(label), others.length > 0);
    return { ...variant, slot, type: tagged };
  });
  return { ...type, variants };
}
