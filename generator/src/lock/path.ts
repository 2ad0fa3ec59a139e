import type { EnumMember, Property, SessionModel, Type } from "../model/model.js";
import { childrenOf, type Place, refsOf } from "../model/walk.js";

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

/** Gives the key of what stands at a place in a type that has the path. */
export function placePath(path: string, place: Place): string {
  switch (place.kind) {
    case "property":
      return `${path}.${nameText(place.property.name)}`;
    case "variant":
      return `${path}|${nameText(place.variant.label)}`;
    case "item":
      return `${path}[${place.index}]`;
    case "element":
    case "tail":
      return `${path}[]`;
    case "key":
      return `${path}<key>`;
    case "value":
    case "rest":
      return `${path}<value>`;
    case "inner":
      return path;
  }
}

/** Gives the key of a member of an enum that stands at the path. */
export function memberPath(path: string, { value }: EnumMember): string {
  return `${path}=${JSON.stringify(value)}`;
}

/**
 * Lists all that has a slot in a type that stands at the path, but for what is in the named types
 * that it refers to.
 */
export function* partsOf(type: Type, path: string): Iterable<Part> {
  if (type.kind === "enum") for (const member of type.members) yield { path: memberPath(path, member) };
  for (const { type: inner, place } of childrenOf(type)) {
    const below = placePath(path, place);
    if (place.kind === "property") yield { path: below, property: place.property };
    if (place.kind === "variant") yield { path: below };
    yield* partsOf(inner, below);
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
