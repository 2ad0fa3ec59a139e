import type { SessionModel, Type } from "../model/model.js";
import { childrenOf } from "../model/walk.js";
import { placePath } from "./path.js";

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
    if (type.kind === "ref") return visitNamed(type.name, path);
    if (type.kind === "object" || type.kind === "union" || type.kind === "enum") {
      spaces.push({ inline: path, key: path, separator: separators[type.kind] });
      return type.kind;
    }
    const parts = childrenOf(type).map(({ type: inner, place }) => {
      const text = visit(inner, placePath(path, place));
      return place.kind === "tail" ? `...${text}` : text;
    });
    if (type.kind === "nullable" || type.kind === "optional") return parts.join();
    return parts.length > 0 || type.kind === "tuple" ? `${type.kind}<${parts.join(",")}>` : type.kind;
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

function bodyOf(type: Type | undefined): Type | undefined {
  return type?.kind === "nullable" || type?.kind === "optional" ? bodyOf(type.inner) : type;
}
