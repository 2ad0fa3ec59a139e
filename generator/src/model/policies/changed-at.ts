import type { ModelContext } from "../context.js";
import type { ObjectType, Property, RefType, Type } from "../model.js";
import { withChildren } from "../walk.js";

/** What is to be changed at the end of a path. */
export interface ChangeAt {
  type?(type: Type): Type;
  /** Changes the property that the path ends with. */
  property?(property: Property, owner: ObjectType): Property;
}

/**
 * Gives a type with what a path leads to changed; `undefined` where it leads to nothing. Paths lead
 * through objects by their names, through what lists, sets, maps and records hold by `[]`, and into
 * all variants of a union that have such a property.
 */
export function changedAt(
  context: ModelContext,
  type: Type,
  path: string,
  change: ChangeAt,
): Type | undefined {
  const at = (type: Type, path: string): Type | undefined => {
    if (type.kind === "nullable" || type.kind === "optional") {
      const inner = at(type.inner, path);
      return inner && { ...type, inner };
    }
    if (type.kind === "ref") return changedNamed(context, type, (body) => at(body, path));
    if (path === "") return change.type?.(type) ?? type;
    if (type.kind === "union") {
      const types = type.variants.map((variant) => at(variant.type, path));
      if (types.every((found) => found === undefined)) return undefined;
      const variants = type.variants.map((variant, index) => ({
        ...variant,
        type: types[index] ?? variant.type,
      }));
      return { ...type, variants };
    }
    if (type.kind === "object") {
      const rest = path.slice(1);
      const property = path.startsWith(".")
        ? type.properties.find(({ name }) => startsPath(name, rest))
        : undefined;
      if (property === undefined) return undefined;
      const beyond = rest.slice(property.name.length);
      const inner = at(property.type, beyond);
      if (inner === undefined) return undefined;
      const own = { ...property, type: inner };
      const changed = beyond === "" ? (change.property?.(own, type) ?? own) : own;
      return { ...type, properties: type.properties.map((one) => (one === property ? changed : one)) };
    }
    if (!path.startsWith("[]")) return undefined;
    let found = false;
    const changed = withChildren(type, (child) => {
      if (child.place.kind === "key") return child.type;
      const inner = at(child.type, path.slice(2));
      found ||= inner !== undefined;
      return inner ?? child.type;
    });
    return found ? changed : undefined;
  };
  return at(type, path);
}

/** Changes what a reference leads to, for all who refer to it. */
export function changedNamed(
  context: ModelContext,
  type: RefType,
  change: (body: Type) => Type | undefined,
): Type | undefined {
  const body = context.types[type.name];
  const changed = body && change(body);
  if (changed === undefined) return undefined;
  context.types[type.name] = changed;
  return type;
}

/** Tells whether the path is that of what is called so, or leads into it. */
export function startsPath(name: string, path: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[]`);
}
