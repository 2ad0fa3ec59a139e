const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Whether the name can stand as `object.name`; reserved words can. */
export function isIdentifierName(name: string): boolean {
  return identifier.test(name);
}

/**
 * The name as the key of an object type, an object literal or a class member: quoted unless an
 * identifier.
 */
export function memberKey(name: string): string {
  return isIdentifierName(name) ? name : JSON.stringify(name);
}

/** Reads a property: `value.name` or `value["a-b"]`; of what may be absent with `?.`. */
export function memberAccess(object: string, name: string, maybe = false): string {
  if (isIdentifierName(name)) return `${object}${maybe ? "?" : ""}.${name}`;
  return `${object}${maybe ? "?." : ""}[${JSON.stringify(name)}]`;
}

/**
 * The name in PascalCase, for use inside an identifier: `cart-item` and `cart_item` are `CartItem`.
 * Starts with `_` where the name gives nothing to begin an identifier with.
 */
export function pascalCase(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+|_+/u).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return isIdentifierName(joined) ? joined : `_${joined}`;
}

/** The name in camelCase, for use as the beginning of an identifier: `cart-item` is `cartItem`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

const takenTypes = new Set(
  (
    "Array ArrayBuffer BigInt Boolean Buffer Date Error Function Infinity JSON Map Math NaN Number Object Partial Pick Promise " +
    "Readonly Record RegExp Set String Symbol URL Uint8Array FieldCodec FieldDefinition History KeptSlots MergeFunction ObjectSlots PackedReader " +
    "PackedWriter PlainCodec Session SessionBase SessionClient SessionData SessionDefinition SessionError SessionFlash SessionIndexes SessionPatch SessionStore " +
    "Sessions UnreadableValue"
  ).split(" "),
);

/**
 * The name of a type in PascalCase; `DateType` where emitted code uses `Date` for something else.
 * @param sessionClass - what the class of the sessions is called: no type may have that name
 */
export function typeName(name: string, sessionClass: string): string {
  return takenTypes.has(name) || name === sessionClass ? `${name}Type` : name;
}

/** Functions of the runtime that emitted code calls by these names. */
export const helperNames: ReadonlySet<string> = new Set(
  (
    "beginObject checkStorable childPath entriesOf extraEntries fail isMultipleOf isRecord keptFromPlain keptToPlain literal " +
    "objectOf passes plainMember plainPairs plainRecord readList readMap readMember readRecord readSet schemaOf"
  ).split(" "),
);

/** A local variable called after a property, where functions of `codec.ts` are in scope. */
export function localName(name: string): string {
  const camel = camelCase(name);
  const clashes =
    camel === "undefined" ||
    helperNames.has(camel) ||
    /^(?:read|write|check)\P{Ll}|(?:ToPlain|FromPlain|Members)\d*$/u.test(camel);
  return clashes ? `${camel}Property` : camel;
}

/** Hands out names that are free in one scope of emitted code: `item`, then `item2`, `item3`. */
export class Scope {
  readonly #taken: Set<string>;

  /** @param taken - names that are already in use in the scope or used from an outer one */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The wished name, or the first free one made from it; a reserved word gets a `_`. */
  declare(wish: string): string {
    const base = reserved.has(wish) ? `${wish}_` : wish;
    let name = base;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${base}${count}`;
    this.#taken.add(name);
    return name;
  }
}
