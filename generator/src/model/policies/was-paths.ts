import type { ModelContext } from "../context.js";
import { formerLabel } from "../former.js";
import type { Field, RefType, Type } from "../model.js";
import { withChildren } from "../walk.js";
import type { FieldPolicy } from "./policies.js";
import { formerName, formerValues, type Was } from "./was.js";

/**
 * Writes what the config says of former names to the parts of the fields that they are of. Paths
 * lead through objects by their names, through what lists, sets, maps and records hold by `[]`, and
 * into all variants of a union that have such a property.
 */
export function withFormerNames(
  context: ModelContext,
  fields: readonly Field[],
  policies: Readonly<Record<string, FieldPolicy>>,
): Field[] {
  let all = [...fields];
  for (const [path, { was }] of Object.entries(policies)) {
    if (was === undefined) continue;
    all = all.map((field) => {
      if (!startsPath(field.name, path)) return field;
      const rest = path.slice(field.name.length);
      const marking = new Marking(context, was);
      const type = marking.at(field.type, rest);
      const nameless = rest.endsWith("[]") && formerName(was) !== undefined;
      const problem =
        type === undefined
          ? `there is nothing called ${rest} in it`
          : nameless
            ? "what a list holds has no name of its own"
            : marking.missing;
      if (problem !== undefined) {
        context.problem("model/policy-mismatch", ["fields", path], `fields.${path}: ${problem}`);
      }
      const name = rest === "" ? formerName(was) : undefined;
      return { ...field, type: type ?? field.type, ...(name !== undefined && { was: name }) };
    });
  }
  return all;
}

/** Tells whether the path is that of what is called so, or leads into it. */
export function startsPath(name: string, path: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[]`);
}

/** One entry of the config on its way through a type. */
class Marking {
  readonly #context: ModelContext;
  readonly #name: string | undefined;
  readonly #values: ReadonlyMap<string, string | number>;
  readonly #found = new Set<string>();
  /** Named types whose values have been looked at. */
  readonly #open = new Set<string>();

  constructor(context: ModelContext, was: Was) {
    this.#context = context;
    this.#name = formerName(was);
    this.#values = new Map(Object.entries(formerValues(was)));
  }

  /** What is wrong with the values, in a sentence. */
  get missing(): string | undefined {
    const [value] = [...this.#values.keys()].filter((one) => !this.#found.has(one));
    return value === undefined
      ? undefined
      : `no enum and no discriminated union in it has ${value}; other literals have no slots to move`;
  }

  /** The type with what the path leads to marked; `undefined` where it leads to nothing. */
  at(type: Type, path: string): Type | undefined {
    if (type.kind === "nullable" || type.kind === "optional") {
      const inner = this.at(type.inner, path);
      return inner && { ...type, inner };
    }
    if (type.kind === "ref") return this.#named(type, (body) => this.at(body, path));
    if (path === "") return this.#values.size === 0 ? type : this.#inValues(type);
    if (type.kind === "union") {
      const types = type.variants.map((variant) => this.at(variant.type, path));
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
      const inner = this.at(property.type, beyond);
      if (inner === undefined) return undefined;
      const was = beyond === "" ? this.#name : undefined;
      const marked = { ...property, type: inner, ...(was !== undefined && { was }) };
      return { ...type, properties: type.properties.map((one) => (one === property ? marked : one)) };
    }
    if (!path.startsWith("[]")) return undefined;
    let found = false;
    const marked = withChildren(type, (child) => {
      if (child.place.kind === "key") return child.type;
      const inner = this.at(child.type, path.slice(2));
      found ||= inner !== undefined;
      return inner ?? child.type;
    });
    return found ? marked : undefined;
  }

  /** Marks the members and variants that have the values, behind whatever holds them. */
  #inValues(type: Type): Type {
    if (type.kind === "ref") {
      if (this.#open.has(type.name)) return type;
      this.#open.add(type.name);
      return this.#named(type, (body) => this.#inValues(body)) ?? type;
    }
    if (type.kind === "object") return type;
    if (type.kind === "enum") {
      const members = type.members.map((member) => {
        const was = this.#take(member.value);
        return was === undefined ? member : { ...member, was };
      });
      return { ...type, members };
    }
    if (type.kind === "union" && type.discriminator !== undefined) {
      const { discriminator } = type;
      const variants = type.variants.map((variant) => {
        const was = formerLabel(variant.type, discriminator, (value) => this.#take(value));
        if (was === undefined || variant.type.kind !== "object") return variant;
        const properties = variant.type.properties.map((property) =>
          property.name === discriminator ? { ...property, type: this.#inValues(property.type) } : property,
        );
        return { ...variant, was, type: { ...variant.type, properties } };
      });
      return { ...type, variants };
    }
    return withChildren(type, (child) => this.#inValues(child.type));
  }

  #take(value: string | number): string | number | undefined {
    const was = this.#values.get(String(value));
    if (was !== undefined) this.#found.add(String(value));
    return was;
  }

  /** What a reference leads to is marked for all who refer to it. */
  #named(type: RefType, mark: (body: Type) => Type | undefined): Type | undefined {
    const body = this.#context.types[type.name];
    const marked = body && mark(body);
    if (marked === undefined) return undefined;
    this.#context.types[type.name] = marked;
    return type;
  }
}
