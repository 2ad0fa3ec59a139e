import type { SessionModel, Type } from "../model/model.js";

/** A part of a value whose own parts have slots: an object, a union or an enum. */
export interface Space {
  /** Where the slots would be kept if the type stood there without a name: `cart[]`. */
  readonly inline: string;
  /** Where they are kept: the same, or `@Name` for a named type, which all who use it share. */
  readonly key: string;
  readonly separator: "." | "|" | "=";
}

/** How a value is stored, as far as that decides whether another type can read it. */
export interface StoredKind {
  /** What the lock writes down: `string`, `array<object>`, `map<string,object@Node>`. */
  readonly text: string;
  /** One for each `object`, `union` and `enum` in the text, in that order. */
  readonly spaces: readonly Space[];
}

const separators = { object: ".", union: "|", enum: "=" } as const;
const space = /(?<![\w$@])(object|union|enum)(@[^<>,]+)?(?![\w$])/g;

/**
 * Gives the kind of what is stored. `null` and absence do not change it; what is inside of lists
 * and maps does, since a list of enum members is a list of small numbers on the wire, and would be
 * read as one.
 */
export function storedKind(type: Type, path: string, types: SessionModel["types"]): StoredKind {
  const spaces: Space[] = [];
  const open = new Set<string>();
  const visit = (type: Type, path: string): string => {
    switch (type.kind) {
      case "nullable":
      case "optional":
        return visit(type.inner, path);
      case "object":
      case "union":
      case "enum":
        spaces.push({ inline: path, key: path, separator: separators[type.kind] });
        return type.kind;
      case "array":
      case "set":
        return `${type.kind}<${visit(type.element, `${path}[]`)}>`;
      case "tuple": {
        const items = type.items.map((item, index) => visit(item, `${path}[${index}]`));
        if (type.rest !== undefined) items.push(`...${visit(type.rest, `${path}[]`)}`);
        return `tuple<${items.join(",")}>`;
      }
      case "record":
      case "map":
        return `${type.kind}<${visit(type.key, `${path}<key>`)},${visit(type.value, `${path}<value>`)}>`;
      case "ref":
        return visitNamed(type.name, path);
      default:
        return type.kind;
    }
  };
  const visitNamed = (name: string, path: string): string => {
    const body = bodyOf(types[name]);
    const key = `@${name}`;
    if (body === undefined || open.has(name)) return `ref${key}`;
    if (body.kind === "object" || body.kind === "union" || body.kind === "enum") {
      spaces.push({ inline: path, key, separator: separators[body.kind] });
      return `${body.kind}${key}`;
    }
    open.add(name);
    const text = `${visit(body, key)}${key}`;
    open.delete(name);
    return text;
  };
  return { text: visit(type, path), spaces };
}

/**
 * Tells from where to where slots have to be taken for the new type to read what was stored under
 * the old one; `undefined` when it cannot, because more has changed than the names of types.
 */
export function moves(
  before: string,
  after: StoredKind,
): readonly { readonly from: string; readonly to: string; readonly separator: string }[] | undefined {
  if (before.replace(space, "$1") !== after.text.replace(space, "$1")) return undefined;
  return [...before.matchAll(space)].flatMap(([, , name], index) => {
    const now = after.spaces[index];
    if (now === undefined) return [];
    const from = name ?? now.inline;
    return from === now.key ? [] : [{ from, to: now.key, separator: now.separator }];
  });
}

/** Gives the named types that a type refers to directly. */
export function refsOf(type: Type): readonly string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "nullable":
    case "optional":
      return refsOf(type.inner);
    case "array":
    case "set":
      return refsOf(type.element);
    case "tuple":
      return [...type.items, ...(type.rest === undefined ? [] : [type.rest])].flatMap(refsOf);
    case "record":
    case "map":
      return [type.key, type.value].flatMap(refsOf);
    case "union":
      return type.variants.flatMap((variant) => refsOf(variant.type));
    case "object":
      return [
        ...type.properties.flatMap((property) => refsOf(property.type)),
        ...(typeof type.rest === "object" ? refsOf(type.rest.catchall) : []),
      ];
    default:
      return [];
  }
}

function bodyOf(type: Type | undefined): Type | undefined {
  return type?.kind === "nullable" || type?.kind === "optional" ? bodyOf(type.inner) : type;
}
