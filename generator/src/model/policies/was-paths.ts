import type { ModelContext } from "../context.js";
import { formerLabel } from "../former.js";
import type { Field, Type } from "../model.js";
import { withChildren } from "../walk.js";
import { changedAt, changedNamed, startsPath } from "./changed-at.js";
import type { FieldPolicy } from "./policies.js";
import { formerName, formerValues, type Was } from "./was.js";

/**
 * Writes what the config says of former names to the parts of the fields that they are of.
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
    return changedAt(this.#context, type, path, {
      type: (found) => (this.#values.size === 0 ? found : this.#inValues(found)),
      property: (found) => (this.#name === undefined ? found : { ...found, was: this.#name }),
    });
  }

  /** Marks the members and variants that have the values, behind whatever holds them. */
  #inValues(type: Type): Type {
    if (type.kind === "ref") {
      if (this.#open.has(type.name)) return type;
      this.#open.add(type.name);
      return changedNamed(this.#context, type, (body) => this.#inValues(body)) ?? type;
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
}
