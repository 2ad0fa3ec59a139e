import { constantText } from "../../model/constant-text.js";
import type { UnionType, Variant } from "../../model/model.js";

/**
 * Gives the literals of the discriminator in each variant, as expressions; `undefined` unless every
 * variant has some.
 */
export function tagsOf({ discriminator, variants }: UnionType): readonly (readonly string[])[] | undefined {
  if (discriminator === undefined) return undefined;
  const tags = variants.map((variant) => variantTags(variant, discriminator));
  return tags.every((texts) => texts.length > 0) ? tags : undefined;
}

function variantTags({ type }: Variant, discriminator: string): string[] {
  if (type.kind !== "object") return [];
  const tag = type.properties.find((property) => property.name === discriminator)?.type;
  if (tag?.kind === "enum") return tag.members.map(({ value }) => constantText({ kind: "json", value }));
  if (tag?.kind !== "literal" || tag.values.some((constant) => constant.kind !== "json")) return [];
  return tag.values.map(constantText);
}
