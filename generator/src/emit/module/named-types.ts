import type { ObjectType, SessionModel, Type } from "../../model/model.js";

/**
 * Every type that the emitted code calls by name, in the order the fields lead to them: objects,
 * and targets of refs.
 */
export function namedTypes(model: SessionModel): ReadonlyMap<string, Type> {
  const named = new Map<string, Type>();
  const visit = (type: Type): void => {
    if (type.kind === "object") {
      if (named.has(type.name)) return;
      named.set(type.name, type);
    }
    if (type.kind === "ref") {
      const target = model.types[type.name];
      if (target === undefined || named.has(type.name)) return;
      if (target.kind !== "object" || target.name !== type.name) named.set(type.name, target);
      visit(target);
      return;
    }
    for (const child of childTypes(type)) visit(child);
  };
  for (const field of model.fields) visit(field.type);
  return named;
}

/** The types directly inside a type. */
function childTypes(type: Type): readonly Type[] {
  switch (type.kind) {
    case "object":
      return [...type.properties.map((property) => property.type), ...restTypes(type)];
    case "array":
    case "set":
      return [type.element];
    case "tuple":
      return type.rest === undefined ? type.items : [...type.items, type.rest];
    case "record":
    case "map":
      return [type.key, type.value];
    case "union":
      return type.variants.map((variant) => variant.type);
    case "nullable":
    case "optional":
      return [type.inner];
    default:
      return [];
  }
}

function restTypes(type: ObjectType): readonly Type[] {
  return typeof type.rest === "object" ? [type.rest.catchall] : [];
}

/** Whether a value can nest without end. */
export function isRecursive(model: SessionModel): boolean {
  const visit = (type: Type, within: readonly string[]): boolean => {
    if (type.kind !== "ref") return childTypes(type).some((child) => visit(child, within));
    if (within.includes(type.name)) return true;
    const target = model.types[type.name];
    return target !== undefined && visit(target, [...within, type.name]);
  };
  return Object.keys(model.types).some((name) => visit({ kind: "ref", name }, []));
}
