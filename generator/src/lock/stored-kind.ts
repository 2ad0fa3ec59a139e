import type { SessionModel, Type } from "../model/model.js";
import { childrenOf } from "../model/walk.js";

/**
 * Gives the kind of what is stored, as far as that decides whether another type can read it:
 * `string`, `array<object>`, `map<string,object@Node>`. `null` and absence do not change it; what
 * is inside of lists and maps does, since a list of enum members is a list of small numbers on the
 * wire, and would be read as one.
 */
export function storedKind(type: Type, types: SessionModel["types"]): string {
  const open = new Set<string>();
  const visit = (type: Type): string => {
    if (type.kind === "ref") return visitNamed(type.name);
    if (isSpace(type.kind)) return type.kind;
    const parts = childrenOf(type).map(({ type: inner, place }) =>
      place.kind === "tail" ? `...${visit(inner)}` : visit(inner),
    );
    if (type.kind === "nullable" || type.kind === "optional") return parts.join();
    return parts.length > 0 || type.kind === "tuple" ? `${type.kind}<${parts.join(",")}>` : type.kind;
  };
  const visitNamed = (name: string): string => {
    const body = types[name];
    if (body === undefined || open.has(name)) return `ref@${name}`;
    open.add(name);
    const text = `${visit(body)}@${name}`;
    open.delete(name);
    return text;
  };
  return visit(type);
}

/** The text of a kind, taken apart. */
export interface StoredTree {
  readonly kind: string;
  /** Of a named type: what is inside has its slots there. */
  readonly name?: string;
  /** What follows the items of a tuple. */
  readonly isTail: boolean;
  /** What lists, maps and the like are of. */
  readonly parts: readonly StoredTree[];
}

/** Takes the text of a kind apart. */
export function storedTree(text: string): StoredTree {
  const words = text.match(/[<>,]|[^<>,]+/g) ?? [];
  const takes = (word: string): boolean => {
    const isNext = words[0] === word;
    if (isNext) words.shift();
    return isNext;
  };
  const read = (): StoredTree => {
    const word = words.shift() ?? "";
    const isTail = word.startsWith("...");
    const [kind = "", own] = word.slice(isTail ? 3 : 0).split("@");
    const parts: StoredTree[] = [];
    // `tuple<>` has none.
    if (takes("<"))
      while (words.length > 0 && !takes(">")) {
        parts.push(read());
        takes(",");
      }
    const name = words[0]?.startsWith("@") ? words.shift()?.slice(1) : own;
    return { kind, parts, isTail, ...(name !== undefined && { name }) };
  };
  return read();
}

/** Gives the text of a kind without the names of types. */
export function withoutNames(text: string): string {
  return text.replace(/@[^<>,]+/g, "");
}

/**
 * Tells from where to where slots have to be taken for the new type to read what was stored under
 * the old one; `undefined` when it cannot, because more has changed than the names of types.
 */
export function moves(
  before: string,
  after: string,
  path: string,
): readonly { readonly from: string; readonly to: string; readonly separator: string }[] | undefined {
  if (withoutNames(before) !== withoutNames(after)) return undefined;
  const now = spacesOf(storedTree(after), path);
  return spacesOf(storedTree(before), path).flatMap((from, index) => {
    const to = now[index];
    return to === undefined || from.key === to.key
      ? []
      : [{ from: from.key, to: to.key, separator: to.separator }];
  });
}

/** Gives where the parts of a value have their slots: `@Name` for a named type, which all share. */
export function placeOf({ name }: StoredTree, path: string): string {
  return name === undefined ? path : `@${name}`;
}

/** A part of a value whose own parts have slots: an object, a union or an enum. */
interface Space {
  readonly key: string;
  readonly separator: string;
}

const separators: Readonly<Record<string, string>> = { object: ".", union: "|", enum: "=" };

function isSpace(kind: string): boolean {
  return Object.hasOwn(separators, kind);
}

/** All in a kind that stands at the path, in the order of its text. */
function spacesOf(tree: StoredTree, path: string): readonly Space[] {
  const key = placeOf(tree, path);
  const separator = separators[tree.kind];
  if (separator !== undefined) return [{ key, separator }];
  return tree.parts.flatMap((part, index) => spacesOf(part, key + stepOf(tree, part, index)));
}

/** As keys of the lock have it. */
function stepOf({ kind }: StoredTree, { isTail }: StoredTree, index: number): string {
  if (kind === "tuple") return isTail ? "[]" : `[${index}]`;
  if (kind === "record" || kind === "map") return index === 0 ? "<key>" : "<value>";
  return "[]";
}
