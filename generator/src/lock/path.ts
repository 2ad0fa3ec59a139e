import type { Property, SessionModel, Type } from "../model/model.js";
import { refsOf } from "./stored-kind.js";

/** Writes a name as part of a key: quoted when it contains anything that has a meaning there. */
export function nameText(name: string): string {
  return /^[\p{ID_Continue}$-]+$/u.test(name) ? name : JSON.stringify(name);
}

/** What has a slot. */
export interface Part {
  readonly path: string;
  /** Absent for variants and members. */
  readonly property?: Property;
}

/**
 * Lists all that has a slot in a type that stands at the path, but for what is in the named types
 * that it refers to.
 */
export function* partsOf(type: Type, path: string): Iterable<Part> {
  switch (type.kind) {
    case "object":
      for (const property of type.properties) {
        const below = `${path}.${nameText(property.name)}`;
        yield { path: below, property };
        yield* partsOf(property.type, below);
      }
      if (typeof type.rest === "object") yield* partsOf(type.rest.catchall, `${path}<value>`);
      return;
    case "enum":
      for (const { value } of type.members) yield { path: `${path}=${JSON.stringify(value)}` };
      return;
    case "union":
      for (const variant of type.variants) {
        const below = `${path}|${nameText(variant.label)}`;
        yield { path: below };
        yield* partsOf(variant.type, below);
      }
      return;
    case "array":
    case "set":
      yield* partsOf(type.element, `${path}[]`);
      return;
    case "tuple":
      for (const [index, item] of type.items.entries()) yield* partsOf(item, `${path}[${index}]`);
      if (type.rest !== undefined) yield* partsOf(type.rest, `${path}[]`);
      return;
    case "record":
    case "map":
      yield* partsOf(type.key, `${path}<key>`);
      yield* partsOf(type.value, `${path}<value>`);
      return;
    case "nullable":
    case "optional":
      yield* partsOf(type.inner, path);
  }
}

/** Gives the named types that a type refers to, directly or through others. */
export function namedBelow(type: Type, types: SessionModel["types"]): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...refsOf(type)];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const target = types[name];
    if (found.has(name) || target === undefined) continue;
    found.add(name);
    queue.push(...refsOf(target));
  }
  return found;
}
