import { allProperties, defaultOf, type Property, ROOM, type Type } from "./schema.js";

/** What is stored of a part, as far as anybody can tell: by the identities of parts, not by names. */
export type Known =
  | { readonly kind: "missing" }
  /** Whatever it is, it is nobody's loss. */
  | { readonly kind: "any" }
  /** This, or missing. */
  | { readonly kind: "perhaps"; readonly value: Known }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "member"; readonly id: number }
  | { readonly kind: "list"; readonly elements: readonly Known[] }
  | {
      readonly kind: "object";
      readonly variant?: number;
      readonly properties: ReadonlyMap<number, Known>;
      /** Of those that are not among them. */
      readonly rest: Known;
    };

export const missing: Known = { kind: "missing" };
const any: Known = { kind: "any" };

/** Something was read as a value of another part, or as one that nobody wrote. */
class Confused extends Error {}

/** Makes a value that says which part it is of. */
export function makeValue(type: Type, number: number): unknown {
  switch (type.kind) {
    case "string":
      return `u${type.id}#${number}`;
    case "int":
      return type.id * ROOM + (type.max === undefined ? number : number % (type.max + 1));
    case "boolean":
      return number % 2 === 1;
    case "enum":
      return type.members[number % type.members.length]?.name;
    case "list":
      return Array.from({ length: number % 3 }, (_, index) => makeValue(type.of, number + index));
    case "object":
      return {
        ...makeObject(type.properties, number),
        ...(type.itself && number % 4 > 1 && { again: makeValue(type, Math.floor(number / 4)) }),
      };
    case "union": {
      const variant = type.variants[number % type.variants.length];
      return { is: variant?.name, ...makeObject(variant?.properties ?? [], number) };
    }
  }
}

function makeObject(properties: readonly Property[], number: number): Record<string, unknown> {
  return Object.fromEntries(
    properties.flatMap(({ name, presence, type }, index) =>
      presence === "optional" && (number >> index) % 2 === 0 ? [] : [[name, makeValue(type, number)]],
    ),
  );
}

/**
 * Learns what is stored from what was written.
 * @param before - what was there, of which parts that the writer does not know are still there
 */
export function learn(value: unknown, type: Type, before: Known = any): Known {
  if (value === undefined) return missing;
  switch (type.kind) {
    case "string":
    case "int":
      return { kind: "number", value: numberOf(value, type) };
    case "boolean":
      return { kind: "boolean", value: Boolean(value) };
    case "enum": {
      const member = type.members.find(({ name }) => name === value);
      if (member === undefined) throw new Confused(`${String(value)} is no member`);
      return { kind: "member", id: member.id };
    }
    case "list":
      return {
        kind: "list",
        elements: (value as readonly unknown[]).map((element, index) =>
          learn(element, type.of, before.kind === "list" ? before.elements[index] : any),
        ),
      };
    case "object":
      return learnObject(value as Record<string, unknown>, allProperties(type), before);
    case "union": {
      const object = value as Record<string, unknown>;
      const variant = type.variants.find(({ name }) => name === object["is"]);
      if (variant === undefined) throw new Confused(`${String(object["is"])} is no variant`);
      const same = before.kind === "object" && before.variant === variant.id ? before : any;
      return { ...learnObject(object, variant.properties, same), variant: variant.id };
    }
  }
}

function learnObject(
  object: Record<string, unknown>,
  properties: readonly Property[],
  before: Known,
): Known & { kind: "object" } {
  const old = before.kind === "object" ? before : undefined;
  const known = properties.map(
    ({ id, name, type }) => [id, learn(object[name], type, old?.properties.get(id))] as const,
  );
  return {
    kind: "object",
    properties: new Map([...(old?.properties ?? []), ...known]),
    rest: old?.rest ?? any,
  };
}

/** Tells whether what is read is what is stored. */
export function isSame(
  known: Known,
  value: unknown,
  { type, presence }: Pick<Property, "type" | "presence">,
): boolean {
  switch (known.kind) {
    case "any":
      return isPlausible(value, type);
    case "perhaps":
      return isSame(missing, value, { type, presence }) || isSame(known.value, value, { type, presence });
    case "missing":
      return presence === "default"
        ? JSON.stringify(value) === JSON.stringify(defaultOf(type))
        : presence === "optional" && value === undefined;
    case "number":
      return (type.kind === "string" || type.kind === "int") && hasNumber(value, type, known.value);
    case "boolean":
      return type.kind === "boolean" && value === known.value;
    case "member":
      return type.kind === "enum" && type.members.some(({ id, name }) => id === known.id && name === value);
    case "list":
      return (
        type.kind === "list" &&
        Array.isArray(value) &&
        value.length === known.elements.length &&
        known.elements.every((one, index) =>
          isSame(one, value[index], { type: type.of, presence: "required" }),
        )
      );
    case "object": {
      if (typeof value !== "object" || value === null) return false;
      const object = value as Record<string, unknown>;
      const variant =
        type.kind === "union" ? type.variants.find(({ id }) => id === known.variant) : undefined;
      if (type.kind === "union" && object["is"] !== variant?.name) return false;
      const properties = type.kind === "object" ? allProperties(type) : (variant?.properties ?? []);
      const names = new Set(["is", ...properties.map(({ name }) => name)]);
      return (
        Object.keys(object).every((name) => names.has(name)) &&
        properties.every((one) => isSame(known.properties.get(one.id) ?? known.rest, object[one.name], one))
      );
    }
  }
}

/** Tells whether a value is one of this part's, whichever it is. */
export function isPlausible(value: unknown, type: Type): boolean {
  if (value === undefined) return true;
  try {
    const known = learn(value, type);
    return isSame(known, value, { type, presence: "optional" });
  } catch {
    return false;
  }
}

function numberOf(value: unknown, type: Type): number {
  const text = typeof value === "number" ? `u${Math.floor(value / ROOM)}#${value % ROOM}` : String(value);
  const [, part, number] = /^u(\d+)#(\d+)$/.exec(text) ?? [];
  if (Number(part) !== type.id) throw new Confused(`${text} is not of the part ${type.id}`);
  return Number(number);
}

function hasNumber(value: unknown, type: Type, number: number): boolean {
  return value === (type.kind === "int" ? type.id * ROOM + number : `u${type.id}#${number}`);
}
