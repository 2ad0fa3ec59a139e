import { findable, keyIn, type Parts, presenceOf } from "./parts.js";
import type { Field, Named, Property, Schema, Type, Variant } from "./schema.js";

/** What changes from one version to the next; the numbers pick a part, and what it becomes. */
export interface Change {
  readonly kind: keyof typeof changes;
  readonly where: number;
  readonly what: number;
}

type Evolve = (schema: Schema, change: Change, parts: Parts) => Schema;

/** Changes a schema; `undefined` where there is nothing to change so. */
export function evolve(schema: Schema, change: Change, parts: Parts): Schema | undefined {
  const evolved = changes[change.kind](schema, change, parts);
  return evolved === schema ? undefined : evolved;
}

/** The schema as the next version begins with it: what was called otherwise was so before. */
export function settled(schema: Schema): Schema {
  const named = <One extends Named>({ was: _, ...one }: One) => one as unknown as One;
  const property = <One extends Property>(one: One): One => ({ ...named(one), type: typed(one.type) });
  const typed = (type: Type): Type => {
    switch (type.kind) {
      case "enum":
        return { ...type, members: type.members.map(named) };
      case "object":
        return { ...type, properties: type.properties.map(property) };
      case "list":
        return { ...type, of: typed(type.of) };
      case "union":
        return {
          ...type,
          variants: type.variants.map((one) => ({
            ...named(one),
            properties: one.properties.map(property),
          })),
        };
      default:
        return type;
    }
  };
  return { ...schema, fields: schema.fields.map(property) };
}

const changes = {
  "add field": (schema, { what }, parts) => ({ ...schema, fields: [...schema.fields, parts.field(what)] }),
  "remove field": (schema, { where }) =>
    schema.fields.length < 2 ? schema : { ...schema, fields: without(schema.fields, where) },
  "rename field": onField((field, { what }, parts) => {
    parts.free.push(field.name);
    const name = `f${parts.next()}${"abc"[what % 3]}`;
    return { ...field, name, was: field.was ?? field.name };
  }),
  "type of a field, with upcast": onField((field, { what }) => {
    const { type } = field;
    if (type.kind !== "string" && (type.kind !== "int" || type.max !== undefined)) return field;
    const kind = type.kind === "string" ? "int" : "string";
    const { merge: _, index: __, ...policies } = field.policies;
    const upcasts = [...field.upcasts, { from: type.kind, down: what % 2 === 0 }];
    return { ...field, type: { id: type.id, kind }, upcasts, policies };
  }),
  "type of a field": onField((field, { what }, parts) => {
    if (parts.retyped.has(field.id)) return field;
    const { upcasts: _, policies: __, ...rest } = field;
    // Of the same kind it would be the same part, with all that is in it changed.
    const [one, other] = [parts.type(what, 1), parts.type(what + 1, 1)];
    const type = one.kind === field.type.kind ? other : one;
    // Another part of the same name, as far as stored sessions are concerned.
    const id = parts.next();
    parts.retyped.add(id);
    return { ...rest, id, type, presence: presenceOf(type, what), upcasts: [], policies: {} };
  }),
  "presence of a field": onField((field) => {
    if (field.type.kind === "object" || field.type.kind === "union") return field;
    return { ...field, presence: field.presence === "default" ? "optional" : "default" };
  }),
  policy: onField((field, { what }) => {
    const name = ["encrypt", "ttl", "merge", "index", "index"][what % 5] ?? "ttl";
    const { kind } = field.type;
    if (name === "merge" && kind !== "int" && kind !== "list") return field;
    if (name === "index" && !findable.has(kind)) return field;
    const { [name]: had, ...others } = field.policies;
    const numbers = ['"counter"', '"max"', '"min"'][Math.floor(what / 5) % 3] ?? "";
    const key = what % 2 === 0 ? keyIn(field.type) : undefined;
    const lists = key === undefined ? "{ append: 50 }" : `union:${key.id}`;
    const merge = kind === "int" ? numbers : lists;
    const value = { encrypt: "true", ttl: '"1h"', merge, index: "true" }[name] ?? "";
    return { ...field, policies: had === undefined ? { ...others, [name]: value } : others };
  }),
  serializer: (schema, { what }) => ({
    ...schema,
    serializer: (["packed", "json", "msgpack"] as const)[what % 3] ?? "packed",
  }),
  realm: (schema, { what }, parts) => {
    const { realm, previous } = schema;
    const realms = previous.filter((one) => one !== realm);
    const coming = realms.find((one) => one !== "" && what % 3 > 0);
    const next = coming ?? `r${parts.next()}`;
    // Without a word of what it was, everybody is a stranger.
    const known = coming === undefined && what % 4 === 0 ? [] : [...realms, realm];
    return { ...schema, realm: next, previous: known.filter((one) => one !== next) };
  },
  "realm to come": (schema, _change, parts) => ({
    ...schema,
    previous: [...schema.previous, `r${parts.next()}`],
  }),
  "forget realms": (schema) => (schema.previous.length === 0 ? schema : { ...schema, previous: [] }),
  "add property": onProperties((properties, { what }, parts) => [...properties, parts.property(what, 1)]),
  "remove property": onProperties((properties, { what }) =>
    properties.length < 2 ? properties : without(properties, what),
  ),
  "rename property": onProperties((properties, { what }, parts) =>
    at(properties, what, (property) => ({
      ...property,
      name: `p${parts.next()}`,
      was: property.was ?? property.name,
    })),
  ),
  "type of a property, with upcast": onProperties((properties, { what }) =>
    at(properties, what, (property) => {
      const { type, upcasts = [] } = property;
      if (type.kind !== "string" && type.kind !== "int") return property;
      const kind = type.kind === "string" ? "int" : "string";
      return {
        ...property,
        type: { id: type.id, kind },
        upcasts: [...upcasts, { from: type.kind, down: true }],
      };
    }),
  ),
  "presence of a property": onProperties((properties, { what }) =>
    at(properties, what, (property) => ({
      ...property,
      presence: property.presence === "required" ? "optional" : "required",
    })),
  ),
  "add member": onEnum((members, _change, parts) => [...members, parts.named("m")]),
  "remove member": onEnum((members, { what }) => (members.length < 2 ? members : without(members, what))),
  "rename member": onEnum((members, { what }, parts) => at(members, what, (one) => renamed(one, parts))),
  "add variant": onUnion((variants, { what }, parts) => [
    ...variants,
    { ...parts.named("v"), properties: parts.properties(what, 0) },
  ]),
  "remove variant": onUnion((variants, { what }) =>
    variants.length < 3 ? variants : without(variants, what),
  ),
  "rename variant": onUnion((variants, { what }, parts) => at(variants, what, (one) => renamed(one, parts))),
  bounds: onField((field, { what }) => {
    const { type, upcasts } = field;
    // What a step makes of an old value may be out of bounds; it is the step's business.
    if (type.kind !== "int" || upcasts.length > 0) return field;
    return { ...field, type: { ...type, max: what % 50 } };
  }),
} satisfies Record<string, Evolve>;

/** All kinds there are. */
export const kinds = Object.keys(changes) as readonly Change["kind"][];

function renamed<One extends Named>(one: One, parts: Parts): One {
  return { ...one, name: `${one.name.slice(0, 1)}${parts.next()}`, was: one.was ?? one.name };
}

function without<One>(list: readonly One[], index: number): readonly One[] {
  return list.filter((_, one) => one !== index % list.length);
}

function at<One>(list: readonly One[], index: number, change: (one: One) => One): readonly One[] {
  return list.map((one, place) => (place === index % list.length ? change(one) : one));
}

/** Changes the field that is picked. */
function onField(change: (field: Field, change: Change, parts: Parts) => Field): Evolve {
  return (schema, picked, parts) => {
    const old = schema.fields[picked.where % schema.fields.length];
    if (old === undefined) return schema;
    const field = change(old, picked, parts);
    return field === old
      ? schema
      : { ...schema, fields: schema.fields.map((one) => (one === old ? field : one)) };
  };
}

/** Changes the type of the first field, from the picked one on, where there is something to change. */
function onType(change: (type: Type, change: Change, parts: Parts) => Type): Evolve {
  return (schema, picked, parts) => {
    const { fields } = schema;
    for (let step = 0; step < fields.length; step += 1) {
      const field = fields[(picked.where + step) % fields.length];
      const type = field && change(field.type, picked, parts);
      if (field === undefined || type === undefined || type === field.type) continue;
      return { ...schema, fields: fields.map((one) => (one === field ? { ...one, type } : one)) };
    }
    return schema;
  };
}

/** Changes the first type inside, itself included, where there is something to change. */
function deep(change: (type: Type, change: Change, parts: Parts) => Type): Evolve {
  const inside = (type: Type, picked: Change, parts: Parts): Type => {
    const changed = change(type, picked, parts);
    if (changed !== type) return changed;
    if (type.kind === "list") {
      const of = inside(type.of, picked, parts);
      return of === type.of ? type : { ...type, of };
    }
    const within = (properties: readonly Property[]): readonly Property[] => {
      for (const property of properties) {
        const inner = inside(property.type, picked, parts);
        if (inner !== property.type)
          return properties.map((one) => (one === property ? { ...one, type: inner } : one));
      }
      return properties;
    };
    if (type.kind === "object") {
      const properties = within(type.properties);
      return properties === type.properties ? type : { ...type, properties };
    }
    return type;
  };
  return onType(inside);
}

function onProperties(
  change: (properties: readonly Property[], change: Change, parts: Parts) => readonly Property[],
): Evolve {
  return deep((type, picked, parts) => {
    if (type.kind === "object") {
      const properties = change(type.properties, picked, parts);
      return properties === type.properties ? type : { ...type, properties };
    }
    if (type.kind !== "union") return type;
    const variants = at(type.variants, picked.where, (one) => ({
      ...one,
      properties: change(one.properties, picked, parts),
    }));
    return { ...type, variants };
  });
}

function onEnum(
  change: (members: readonly Named[], change: Change, parts: Parts) => readonly Named[],
): Evolve {
  return deep((type, picked, parts) => {
    if (type.kind !== "enum") return type;
    const members = change(type.members, picked, parts);
    return members === type.members ? type : { ...type, members };
  });
}

function onUnion(
  change: (variants: readonly Variant[], change: Change, parts: Parts) => readonly Variant[],
): Evolve {
  return deep((type, picked, parts) => {
    if (type.kind !== "union") return type;
    const variants = change(type.variants, picked, parts);
    return variants === type.variants ? type : { ...type, variants };
  });
}
