import type { Constant, LiteralType, Type, UnionType, Variant } from "./model.js";
import { optional } from "./reflect.js";

/** Gives a union of types, or what says the same more plainly. */
export function unionOf(types: readonly Type[], discriminator: string | undefined): Type {
  if (types.length === 1 && types[0] !== undefined) return types[0];
  // Literals side by side are one literal type with several values.
  if (types.every((type): type is LiteralType => type.kind === "literal")) {
    return { kind: "literal", values: types.flatMap((type) => type.values) };
  }
  const labels = labelsOf(types, discriminator);
  const variants = types.map((type, slot): Variant => ({ slot, label: labels[slot] ?? "", type }));
  const told = variants.every(({ type }) => discriminatorLabel(type, discriminator) !== undefined);
  return {
    kind: "union",
    variants,
    ...optional("discriminator", told ? discriminator : undefined),
  } satisfies UnionType;
}

/** Gives what names each variant in the lock. */
export function labelsOf(types: readonly Type[], discriminator: string | undefined): string[] {
  const labels = new Map<string, number>();
  return types.map((type) => {
    const label = discriminatorLabel(type, discriminator) ?? signature(type);
    const count = (labels.get(label) ?? 0) + 1;
    labels.set(label, count);
    return count === 1 ? label : `${label}#${count}`;
  });
}

/**
 * Gives the keys that a record lists, however its schema says so; the type itself where it lists
 * none.
 */
export function listedKeys(type: Type): Type {
  if (type.kind !== "union") return type;
  const values: Constant[] = [];
  for (const variant of type.variants) {
    const keys = listedKeys(variant.type);
    if (keys.kind === "literal") values.push(...keys.values);
    else if (keys.kind === "enum")
      values.push(...keys.members.map(({ value }) => ({ kind: "json", value }) as const));
    else return type;
  }
  return { kind: "literal", values };
}

function discriminatorLabel(type: Type, discriminator: string | undefined): string | undefined {
  if (type.kind !== "object" || discriminator === undefined) return undefined;
  const tag = type.properties.find(({ name }) => name === discriminator)?.type;
  return tag && literalLabel(tag);
}

/** Gives what a variant with such a discriminator is called. */
export function literalLabel(type: Type): string | undefined {
  if (type.kind === "enum") return type.members.map(({ value }) => String(value)).join("|");
  if (type.kind !== "literal" || !type.values.every((value) => value.kind === "json")) return undefined;
  return type.values.map((value) => String(value.value)).join("|");
}

/** Names a variant in the lock by what it is, so that its slot stays when the order changes. */
function signature(type: Type): string {
  switch (type.kind) {
    case "object":
      return `{${type.properties
        .map(({ name }) => name)
        .sort()
        .join(",")}}`;
    case "array":
    case "set":
      return `${type.kind}<${signature(type.element)}>`;
    case "nullable":
    case "optional":
      return `${type.kind}<${signature(type.inner)}>`;
    case "literal":
      return `literal<${type.values.map((value) => JSON.stringify(value)).join("|")}>`;
    case "enum":
      return `enum<${type.members.map(({ value }) => value).join("|")}>`;
    case "ref":
      return type.name;
    default:
      return type.kind;
  }
}
