import { type ModelContext, type Path, pathText } from "./context.js";
import { besidesOf, catchOf, defaultOf, isRefused } from "./fallback.js";
import { intersectionOf } from "./intersection.js";
import { keysOf } from "./keys.js";
import type { Constant, EnumType, ObjectType, Property, Type } from "./model.js";
import { containers, type Node } from "./node.js";
import { optional } from "./reflect.js";
import { bothRules } from "./rules.js";
import { literalLabel, unionOf } from "./union.js";
import {
  admitsUndefined,
  definedOf,
  isOnlyUndefined,
  nullableOf,
  optionalOf,
  readonlyOf,
} from "./wrappers.js";

/** Where a schema stands. */
interface Place {
  readonly path: Path;
  readonly depth: number;
  /** A property, or a field, whose absence a default or a catch may stand in for. */
  readonly property: boolean;
  /** A variant of a union: a catch of one takes the values of the others. */
  readonly variant?: boolean;
}

/** The type of what a schema gives out. */
function typeOf(context: ModelContext, schema: unknown, place: Place): Type {
  const { path, depth } = place;
  if (context.isTooDeep(depth, path)) return { kind: "unknown", any: false };
  const node = context.read(schema, path);
  context.refine(path, node.refinements);
  return isContent(node)
    ? context.enter(schema, path, node.kind, (name) => contentOf(context, node, place, name))
    : wrapperOf(context, schema, node, place);
}

/** What has parts, and so can have a name, and contain itself. */
type Content = Extract<Node, { kind: (typeof containers)[number] | "union" | "intersection" }>;

const contents: ReadonlySet<Node["kind"]> = new Set<Content["kind"]>([
  ...containers,
  "union",
  "intersection",
]);

function isContent(node: Node): node is Content {
  return contents.has(node.kind);
}

/** An enum whose members have names: itself, where it can be imported, else its values. */
function enumIn(context: ModelContext, type: EnumType, path: Path): EnumType {
  const values = type.members.map(({ value }) => value);
  const declared = context.declaredEnum(path, values);
  if (declared !== undefined) return { ...type, declared };
  context.enums.push({ path, values });
  return type;
}

function wrapperOf(context: ModelContext, schema: unknown, node: Exclude<Node, Content>, place: Place): Type {
  const { path } = place;
  const inner = (one: unknown): Type => typeOf(context, one, { ...place, depth: place.depth + 1 });
  switch (node.kind) {
    case "scalar":
      return node.named && node.type.kind === "enum" ? enumIn(context, node.type, path) : node.type;
    case "optional": {
      const { kind } = context.read(node.inner, path);
      if (kind === "never" && node.exact !== true) return { kind: "undefined" };
      return node.exact ? inner(node.inner) : optionalOf(inner(node.inner));
    }
    case "nullable":
      return context.read(node.inner, path).kind === "never"
        ? { kind: "null" }
        : nullableOf(inner(node.inner));
    case "readonly":
      return readonlyOf(inner(node.inner));
    case "required":
    case "default": {
      const isDefault = node.kind === "default";
      if (isDefault && !place.property) context.refine(path, ["default"]);
      const type = inner(node.inner);
      if (isOnlyUndefined(type)) {
        const summary = `${pathText(path)} has no value at all`;
        context.problemOf(schema, "model/unsupported-type", path, summary, "Leave it out.");
      }
      if (isDefault) return node.given ? definedOf(type) : type;
      // Of any value, no type says all but `undefined`.
      const defined = definedOf(type);
      if (admitsUndefined(defined, context.types) && !isOnlyUndefined(defined))
        context.refine(path, ["refinement"]);
      return defined;
    }
    case "catch":
      if (!place.property || place.variant) context.refine(path, ["catch"]);
      return inner(node.inner);
    case "same":
      return inner(node.inner);
    case "pipe": {
      const type = inner(node.inner);
      const first = scalarIn(context, node.first, path);
      const both = first && bothRules(first.type, type);
      context.refine(path, both === undefined ? ["pipe"] : first?.refinements);
      return both ?? type;
    }
    case "never":
    case "unsupported": {
      const [what, instead] =
        node.kind === "never" ? ["z.never()", "Leave it out."] : [node.what, node.instead];
      context.problemOf(
        schema,
        "model/unsupported-type",
        path,
        `${pathText(path) || "the schema"} is ${what}, which cannot be stored`,
        instead,
      );
      return { kind: "unknown", any: false };
    }
  }
}

/** The scalar that the schema is, behind what lets through the same values as the scalar itself. */
function scalarIn(
  context: ModelContext,
  schema: unknown,
  path: Path,
): Extract<Node, { kind: "scalar" }> | undefined {
  const node = context.read(schema, path);
  if (node.kind === "scalar") return node;
  const transparent = node.kind === "same" || node.kind === "readonly" || node.kind === "default";
  return transparent && node.refinements === undefined ? scalarIn(context, node.inner, path) : undefined;
}

function contentOf(context: ModelContext, node: Content, place: Place, name: () => string): Type {
  const { path, depth } = place;
  const at = (schema: unknown, step: string): Type =>
    typeOf(context, schema, { path: [...path, step], depth: depth + 1, property: false });
  switch (node.kind) {
    case "object":
      return objectOf(context, node, place, name());
    case "array":
      return {
        kind: "array",
        element: at(node.element, "[]"),
        ...optional("minLength", node.minLength),
        ...optional("maxLength", node.maxLength),
      };
    case "tuple": {
      const items = node.items.map((item, index) => at(item, String(index)));
      const omits = node.items.map(
        (item, index) =>
          context.adapter.endsEarly &&
          context.omits(item, admitsUndefined(items[index] as Type, context.types)),
      );
      const required = omits.lastIndexOf(false) + 1;
      // With a rest, Zod does not look at the length.
      const asked =
        node.rest === undefined
          ? node.items.findLastIndex((item, index) => omits[index] && context.asksFor(item)) + 1
          : 0;
      return {
        kind: "tuple",
        items,
        required,
        ...optional("present", asked > required ? asked : undefined),
        ...optional("rest", node.rest === undefined ? undefined : at(node.rest, "[]")),
      };
    }
    case "record": {
      const isCoerced = context.read(node.key, path).refinements?.includes("coercion") ?? false;
      const key = keysOf(context, at(node.key, "key"), [...path, "key"], isCoerced);
      const listed = key.kind === "enum" || key.kind === "literal";
      const partial = node.partial === "listed" ? listed : node.partial;
      return { kind: "record", key, value: at(node.value, "value"), partial };
    }
    case "map":
    case "set":
      return {
        ...(node.kind === "map"
          ? { kind: "map", key: at(node.key, "key"), value: at(node.value, "value") }
          : { kind: "set", element: at(node.element, "[]") }),
        ...optional("minSize", node.minSize),
        ...optional("maxSize", node.maxSize),
      };
    case "union": {
      const { options, discriminator } = node;
      const types = options.flatMap((option, index) => {
        // Of several types, no value is of that one.
        if (options.length > 1 && context.read(option, path).kind === "never") return [];
        const step = variantStep(context, option, discriminator, index);
        const own = { ...place, path: [...path, step], depth: depth + 1, variant: true };
        return [typeOf(context, option, own)];
      });
      return unionOf(types, discriminator);
    }
    case "intersection": {
      const object = intersectionOf(context, node, path);
      return object === undefined
        ? { kind: "unknown", any: false }
        : objectOf(context, object, place, name());
    }
  }
}

function objectOf(
  context: ModelContext,
  node: Extract<Node, { kind: "object" }>,
  { path, depth }: Place,
  name: string,
): ObjectType {
  const properties = Object.entries(node.shape).map(([key, schema], slot) => ({
    ...propertyOf(context, key, schema, [...path, key], depth + 1),
    slot,
  }));
  for (const key of ["__proto__", "$slots", "$undefined"]) {
    if (Object.hasOwn(node.shape, key)) {
      context.problem("model/reserved-name", [...path, key], `No property can be called ${key}`);
    }
  }
  const rest =
    typeof node.rest === "object"
      ? {
          catchall: typeOf(context, node.rest.catchall, {
            path: [...path, "value"],
            depth: depth + 1,
            property: false,
          }),
        }
      : node.rest;
  return { kind: "object", name, properties, rest };
}

/**
 * Gives a property, or a field. Whether it may be absent, and what then stands in, is for Zod to
 * say: its wrappers mean something else in each order.
 */
export function propertyOf(
  context: ModelContext,
  name: string,
  schema: unknown,
  path: Path,
  depth: number,
): Omit<Property, "slot"> {
  const type = typeOf(context, schema, { path, depth, property: true });
  // What has no end must not be gone through again.
  if (context.isEndless) return { name, type, optional: false };
  const outside = wrappersOf(context, schema, path);
  // Nothing stands in for absence where Zod has refused it before.
  const isAsked = context.asksFor(schema);
  if (isAsked && outside.substitutes) context.refine(path, ["default"]);
  const [outermost] = outside.catches;
  const caught = outermost && catchOf(context, outermost.value, path);
  const fallback =
    outside.substitutes && !isAsked
      ? defaultOf(context, () => context.adapter.absent(schema, context.object), path)
      : undefined;
  const besides: Constant[] = [];
  for (const { inner, value } of outside.catches) {
    const given = value === outermost?.value ? caught : catchOf(context, value, path);
    if (isRefused(context, inner, given)) besides.push(...besidesOf(context, type, given, path, "catch"));
  }
  if (fallback !== undefined && isRefused(context, schema, fallback)) {
    besides.push(...besidesOf(context, type, fallback, path, "default"));
    context.refine(path, ["unchecked"]);
  }
  const isMaybe = admitsUndefined(type, context.types);
  const isOptional = context.omits(schema, isMaybe);
  return {
    name,
    // Where a default stands in for it, `undefined` is never given out.
    type: isOptional || fallback !== undefined ? definedOf(type) : type,
    optional: isOptional,
    ...(isOptional && !isMaybe ? { exact: true } : {}),
    ...(isAsked && (isOptional || isMaybe) ? { present: true } : {}),
    ...optional("default", fallback),
    ...optional("catch", caught),
    ...optional("besides", besides.length === 0 ? undefined : besides),
    ...optional("description", outside.description),
  };
}

/** What a property's wrappers say besides its type. */
interface Wrappers {
  readonly description?: string;
  /** Something in them may stand in for absence. */
  readonly substitutes: boolean;
  /** What gives something in place of what is not of the type, from the outside in. */
  readonly catches: readonly Extract<Node, { kind: "catch" }>[];
}

function wrappersOf(
  context: ModelContext,
  schema: unknown,
  path: Path,
  seen: ReadonlySet<unknown> = new Set(),
): Wrappers {
  const { description } = context.adapter.meta(schema);
  if (seen.has(schema)) return { substitutes: false, catches: [] };
  const within = new Set([...seen, schema]);
  const node = context.read(schema, path);
  const inside = (inner: unknown): Wrappers => wrappersOf(context, inner, path, within);
  switch (node.kind) {
    case "union":
      return {
        substitutes: node.options.some((option) => inside(option).substitutes),
        catches: [],
        ...optional("description", description),
      };
    case "optional":
    case "nullable":
    case "required":
    case "default":
    case "catch":
    case "readonly":
    case "same":
    case "pipe": {
      const inner = inside(node.inner);
      const first = node.kind === "pipe" && inside(node.first).substitutes;
      return {
        substitutes: node.kind === "default" || node.kind === "catch" || first || inner.substitutes,
        catches: node.kind === "catch" ? [node, ...inner.catches] : inner.catches,
        ...optional("description", description ?? inner.description),
      };
    }
    default:
      return { substitutes: false, catches: [], ...optional("description", description) };
  }
}

/** What a variant's interface is called after: its discriminator, or its number. */
function variantStep(
  context: ModelContext,
  option: unknown,
  discriminator: string | undefined,
  index: number,
): string {
  const node = context.read(option, []);
  if (node.kind === "object" && discriminator !== undefined) {
    const tag = context.read(node.shape[discriminator], []);
    const type = tag.kind === "scalar" ? tag.type : undefined;
    const label = type && literalLabel(type);
    if (label !== undefined) return label;
  }
  return String(index + 1);
}
