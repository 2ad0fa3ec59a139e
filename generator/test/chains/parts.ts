import type { Field, Named, Property, Type } from "./schema.js";

/** What sessions can be found by. */
export const findable: ReadonlySet<string> = new Set(["int", "string", "enum", "boolean"]);

/** Gives out the identities of parts, and names. */
export class Parts {
  #last = 0;
  /** Of fields that were called otherwise since: another one may be called so. */
  readonly free: string[] = [];
  /** Of fields whose type has changed: with a type that it had, it would be the part it was. */
  readonly retyped = new Set<number>();

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  field(what: number): Field {
    const id = this.next();
    // Every other one that comes takes a name that was given up.
    const name = (what % 2 === 0 ? this.free.shift() : undefined) ?? `f${id}`;
    const type = what % 6 === 5 ? this.cart(what) : this.type(what, 2);
    const policies: Record<string, string> = {};
    const key = what % 4 === 3 ? undefined : keyIn(type);
    if (key !== undefined) policies["merge"] = `union:${key.id}`;
    if (what % 5 === 1) policies["ttl"] = '"1h"';
    if (what % 7 === 1) policies["encrypt"] = "true";
    if (what % 4 === 3 && findable.has(type.kind)) policies["index"] = "true";
    if (type.kind === "int" && what % 3 === 0) policies["merge"] = '"counter"';
    return { id, name, presence: presenceOf(type, what), type, upcasts: [], policies };
  }

  type(what: number, depth: number): Type {
    const id = this.next();
    const kinds = ["string", "int", "enum", "boolean", "list", "object", "union"] as const;
    const kind = kinds[what % (depth > 0 ? 7 : 4)] ?? "string";
    const inner = Math.floor(what / 7);
    switch (kind) {
      case "string":
      case "boolean":
        return { id, kind };
      case "int":
        return { id, kind };
      case "enum":
        return { id, kind, members: [this.named("m"), this.named("m")] };
      case "object":
        return {
          id,
          kind,
          properties: this.properties(inner, depth - 1),
          ...(inner % 3 !== 0 && { name: `T${id}`, itself: inner % 3 === 2 }),
        };
      case "list":
        return { id, kind, of: this.type(inner, depth - 1) };
      case "union":
        return {
          id,
          kind,
          variants: [inner, inner + 1].map((one) => ({
            ...this.named("v"),
            properties: this.properties(one, 0).slice(0, 1),
          })),
        };
    }
  }

  /** A list of things that one of their members tells apart. */
  cart(what: number): Type {
    const id = this.next();
    const key: Property = {
      ...this.named("p"),
      presence: "required",
      type: this.type(what % 2, 0),
    };
    const of: Type = {
      id: this.next(),
      kind: "object",
      properties: [key, ...this.properties(Math.floor(what / 6), 0)],
    };
    return { id, kind: "list", of };
  }

  property(what: number, depth: number): Property {
    const type = this.type(what, depth);
    return { ...this.named("p"), presence: presenceOf(type, what, true), type };
  }

  properties(what: number, depth: number): Property[] {
    return [this.property(what, depth), this.property(what + 1, 0)];
  }

  named(letter: string): Named {
    const id = this.next();
    return { id, name: `${letter}${id}` };
  }
}

/** Says whether it may be absent. @param inside - of an object */
export function presenceOf({ kind }: Type, what: number, inside = false): Property["presence"] {
  if (kind === "object" || kind === "union") return inside && what % 3 === 0 ? "required" : "optional";
  const all = inside ? (["optional", "default", "required"] as const) : (["optional", "default"] as const);
  return all[Math.floor(what / 3) % all.length] ?? "optional";
}

/** What tells the elements of a list apart. */
export function keyIn(type: Type): Property | undefined {
  if (type.kind !== "list" || type.of.kind !== "object") return undefined;
  return type.of.properties.find(({ type: { kind } }) => kind === "string" || kind === "int");
}
