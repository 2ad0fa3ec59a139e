import { constantOf } from "./constant.js";
import { type ModelContext, type Path, pathText } from "./context.js";
import type { Fallback, LiteralType, ObjectType, Property, Type, UnionType, Variant } from "./model.js";
import type { Node } from "./node.js";
import { optional } from "./reflect.js";

/**
 * Deeper schemas than this are taken for endless: a getter that makes a new schema each time never
 * ends.
 */
const MAX_DEPTH = 64;

/**
 * The type of a schema. Defaults and catches inside lists and unions have no property to act on and
 * are left out.
 */
function typeOf(context: ModelContext, schema: unknown, path: Path, depth = 0): Type {
  if (depth > MAX_DEPTH) {
    context.problem(
      "model/unsupported-type",
      path,
      `${pathText(path)} nests without end`,
      "Let a recursive getter or z.lazy() return the same schema each time.",
    );
    return { kind: "unknown", any: false };
  }
  const node = context.read(schema, path);
  if (node.kind === "scalar") {
    context.refine(path, node.refinements);
    return node.type;
  }
  return context.enter(schema, path, node.kind !== "same", (name) =>
    compositeOf(context, node, path, depth, name),
  );
}

function compositeOf(context: ModelContext, node: Node, path: Path, depth: number, name: () => string): Type {
  context.refine(path, node.refinements);
  const at = (schema: unknown, ...steps: string[]): Type =>
    typeOf(context, schema, [...path, ...steps], depth + 1);
  switch (node.kind) {
    case "scalar":
      return node.type;
    case "object":
      return objectOf(context, node, path, depth, name());
    case "array": {
      const { minLength, maxLength } = node;
      return {
        kind: "array",
        element: at(node.element, "[]"),
        ...optional("minLength", minLength),
        ...optional("maxLength", maxLength),
      };
    }
    case "tuple": {
      const items = node.items.map((item, index) => ({ node: context.read(item, path), item, index }));
      const required = items.findLastIndex(({ node: item }) => item.kind !== "optional") + 1;
      return {
        kind: "tuple",
        items: items.map(({ node: own, item, index }) =>
          at(own.kind === "optional" && index >= required ? own.inner : item, String(index)),
        ),
        required,
        ...optional("rest", node.rest === undefined ? undefined : at(node.rest, "[]")),
      };
    }
    case "record": {
      const key = at(node.key, "key");
      // Only a record over listed keys can ask for all of them.
      const listed = key.kind === "enum" || key.kind === "literal";
      return { kind: "record", key, value: at(node.value, "value"), partial: listed && node.partial };
    }
    case "map":
      return {
        kind: "map",
        key: at(node.key, "key"),
        value: at(node.value, "value"),
        ...optional("minSize", node.minSize),
        ...optional("maxSize", node.maxSize),
      };
    case "set":
      return {
        kind: "set",
        element: at(node.element, "[]"),
        ...optional("minSize", node.minSize),
        ...optional("maxSize", node.maxSize),
      };
    case "union":
      return unionOf(context, node.options, node.discriminator, path, depth);
    case "intersection":
      return intersectionOf(context, node, path, depth, name);
    case "optional":
      return { kind: "optional", inner: at(node.inner) };
    case "nullable":
      return { kind: "nullable", inner: at(node.inner) };
    case "readonly": {
      const inner = at(node.inner);
      return inner.kind === "array" ? { ...inner, readonly: true } : inner;
    }
    case "required": {
      const inner = at(node.inner);
      return inner.kind === "optional" ? inner.inner : inner;
    }
    case "default":
    case "catch": {
      const inner = at(node.inner);
      return inner.kind === "optional" ? inner.inner : inner;
    }
    case "same":
      return at(node.inner);
    case "unsupported":
      context.problem(
        "model/unsupported-type",
        path,
        `${pathText(path) || "the schema"} is ${node.what}, which cannot be stored`,
        node.instead,
      );
      return { kind: "unknown", any: false };
  }
}

function objectOf(
  context: ModelContext,
  node: Extract<Node, { kind: "object" }>,
  path: Path,
  depth: number,
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
      ? { catchall: typeOf(context, node.rest.catchall, [...path, "value"], depth + 1) }
      : node.rest;
  return { kind: "object", name, properties, rest };
}

/**
 * A property, or a field: what wraps its type says whether it may be absent and what then stands
 * in.
 */
export function propertyOf(
  context: ModelContext,
  name: string,
  schema: unknown,
  path: Path,
  depth: number,
): Omit<Property, "slot"> {
  let current = schema;
  let isOptional: boolean | undefined;
  let exact = false;
  let fallback: Fallback | undefined;
  let caught: Fallback | undefined;
  let readonly = false;
  let description: string | undefined;
  for (;;) {
    description ??= context.adapter.meta(current).description;
    const node = context.read(current, path);
    if (node.kind === "optional") {
      // The outermost says what is allowed: `.optional().nonoptional()` asks for a value.
      if (isOptional === undefined) exact = node.exact === true;
      isOptional ??= true;
    } else if (node.kind === "required") isOptional ??= false;
    else if (node.kind === "default") {
      // Zod 3 never comes to a default below an optional: there, `undefined` stays what it is.
      const reached = context.adapter.zod === 4 || isOptional === undefined;
      if (reached) fallback ??= fallbackOf(context, node.value, path, "default");
    } else if (node.kind === "catch") caught ??= fallbackOf(context, node.value, path, "catch");
    else if (node.kind === "readonly") readonly = true;
    else break;
    context.refine(path, node.refinements);
    current = node.inner;
  }
  const type = typeOf(context, current, path, depth);
  const present = fallback !== undefined || caught !== undefined;
  return {
    name,
    type: readonly && type.kind === "array" ? { ...type, readonly: true } : type,
    optional: isOptional === true && !present,
    ...(exact && !present ? { exact: true } : {}),
    ...optional("default", fallback),
    ...optional("catch", caught),
    ...optional("description", description),
  };
}

/**
 * A default is asked for twice: one that differs, such as the current time, cannot be written into
 * the code.
 */
function fallbackOf(
  context: ModelContext,
  make: () => unknown,
  path: Path,
  what: string,
): Fallback | undefined {
  let constants: (Fallback | undefined)[] = [];
  try {
    constants = [constantOf(make()), constantOf(make())];
  } catch {
    // A function that throws is as little a constant as one that returns a function.
  }
  const [first, second] = constants;
  if (first !== undefined && JSON.stringify(first) === JSON.stringify(second)) return first;
  context.problem(
    "model/dynamic-default",
    path,
    `The ${what} of ${pathText(path)} is not the same each time, or no plain data`,
  );
  return first;
}

function unionOf(
  context: ModelContext,
  options: readonly unknown[],
  discriminator: string | undefined,
  path: Path,
  depth: number,
): Type {
  const types = options.map((option, index) =>
    typeOf(context, option, [...path, variantStep(context, option, discriminator, index)], depth + 1),
  );
  if (types.length === 1 && types[0] !== undefined) return types[0];
  // Literals side by side are one literal type with several values.
  if (types.every((type): type is LiteralType => type.kind === "literal")) {
    return { kind: "literal", values: types.flatMap((type) => type.values) };
  }
  const labels = new Map<string, number>();
  const variants = types.map((type, slot): Variant => {
    const label = discriminatorLabel(type, discriminator) ?? signature(type);
    const count = (labels.get(label) ?? 0) + 1;
    labels.set(label, count);
    return { slot, label: count === 1 ? label : `${label}#${count}`, type };
  });
  const told = variants.every(({ type }) => discriminatorLabel(type, discriminator) !== undefined);
  return {
    kind: "union",
    variants,
    ...optional("discriminator", told ? discriminator : undefined),
  } satisfies UnionType;
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

function discriminatorLabel(type: Type, discriminator: string | undefined): string | undefined {
  if (type.kind !== "object" || discriminator === undefined) return undefined;
  const tag = type.properties.find(({ name }) => name === discriminator)?.type;
  return tag && literalLabel(tag);
}

function literalLabel(type: Type): string | undefined {
  if (type.kind === "enum") return type.members.map(({ value }) => String(value)).join("|");
  if (type.kind !== "literal" || !type.values.every((value) => value.kind === "json")) return undefined;
  return type.values.map((value) => String(value.value)).join("|");
}

/** Names a variant in the lock by what it is, so that its slot stays when the order changes. */
function signature(type: Type): string {
  switch (type.kind) {
    case "object":
      return `{${type.properties
        .map(({ name }) => name)
        .sort()
        .join(",")}}`;
    case "array":
    case "set":
      return `${type.kind}<${signature(type.element)}>`;
    case "nullable":
    case "optional":
      return `${type.kind}<${signature(type.inner)}>`;
    case "literal":
      return `literal<${type.values.map((value) => JSON.stringify(value)).join("|")}>`;
    case "enum":
      return `enum<${type.members.map(({ value }) => value).join("|")}>`;
    case "ref":
      return type.name;
    default:
      return type.kind;
  }
}

/** Both sides of an intersection of objects, as one object. */
function intersectionOf(
  context: ModelContext,
  node: Extract<Node, { kind: "intersection" }>,
  path: Path,
  depth: number,
  name: () => string,
): Type {
  const [left, right] = [node.left, node.right].map((side) => shapeOf(context, side, path));
  if (left === undefined || right === undefined) {
    context.problem(
      "model/unsupported-type",
      path,
      `${pathText(path)} is an intersection of something else than objects, which cannot be stored`,
      "Write the combined type out, for objects with .extend().",
    );
    return { kind: "unknown", any: false };
  }
  for (const key of Object.keys(left.shape)) {
    if (!Object.hasOwn(right.shape, key) || left.shape[key] === right.shape[key]) continue;
    context.problem(
      "model/unsupported-type",
      [...path, key],
      `${pathText([...path, key])} is in both sides of an intersection, which cannot be stored`,
      "Write the combined type out, for objects with .extend().",
    );
  }
  const loose = [left, right].find(({ rest }) => rest !== "strip" && rest !== "strict");
  const strict = left.rest === "strict" && right.rest === "strict";
  const shape = { ...left.shape, ...right.shape };
  return objectOf(
    context,
    { kind: "object", shape, rest: loose?.rest ?? (strict ? "strict" : "strip") },
    path,
    depth,
    name(),
  );
}

function shapeOf(
  context: ModelContext,
  schema: unknown,
  path: Path,
): Extract<Node, { kind: "object" }> | undefined {
  const node = context.read(schema, path);
  context.refine(path, node.refinements);
  if (node.kind === "object") return node;
  if (node.kind === "same" || node.kind === "readonly") return shapeOf(context, node.inner, path);
  if (node.kind !== "intersection") return undefined;
  const [left, right] = [shapeOf(context, node.left, path), shapeOf(context, node.right, path)];
  if (left === undefined || right === undefined) return undefined;
  return {
    kind: "object",
    shape: { ...left.shape, ...right.shape },
    rest: left.rest === "strip" ? right.rest : left.rest,
  };
}
