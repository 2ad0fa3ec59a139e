const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Tells whether the name can stand as `object.name`; reserved words can. */
export function isIdentifierName(name: string): boolean {
  return identifier.test(name);
}

/**
 * Gives the name as the key of an object type, an object literal or a class member: quoted unless
 * an identifier.
 */
export function memberKey(name: string): string {
  return isIdentifierName(name) ? name : JSON.stringify(name);
}

/**
 * Gives the property in a destructuring, or in an object literal, where a variable stands for it.
 */
export function memberBinding(name: string, local: string): string {
  return name === local ? name : `${memberKey(name)}: ${local}`;
}

/** Reads a property: `value.name` or `value["a-b"]`; of what may be absent with `?.`. */
export function memberAccess(object: string, name: string, maybe = false): string {
  if (isIdentifierName(name)) return `${object}${maybe ? "?" : ""}.${name}`;
  return `${object}${maybe ? "?." : ""}[${JSON.stringify(name)}]`;
}

/**
 * Gives the name in PascalCase, for use inside an identifier: `cart-item` and `cart_item` are
 * `CartItem`. Starts with `_` where the name gives nothing to begin an identifier with.
 */
export function pascalCase(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+|_+/u).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return isIdentifierName(joined) ? joined : `_${joined}`;
}

/**
 * Gives the names along a path as one, in PascalCase: `cart`, `item` are `CartItem`, `coupon` and
 * `2` are `Coupon2`.
 */
export function pascalPath(names: readonly string[]): string {
  return names.map((name, index) => (index > 0 && /^\d+$/.test(name) ? name : pascalCase(name))).join("");
}

/**
 * Gives the name in camelCase, for use as the beginning of an identifier: `cart-item` is
 * `cartItem`.
 */
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

/** Hands out names that are free in one scope of emitted code: `item`, then `item2`, `item3`. */
export class Scope {
  readonly #taken: Set<string>;
  readonly #outer: Scope | undefined;
  /** What scopes inside of this one have declared: a name out here must not be hidden there. */
  readonly #inside = new Set<string>();

  /** @param taken - names that are already in use in the scope */
  constructor(taken: Iterable<string> = [], outer?: Scope) {
    this.#taken = new Set();
    this.#outer = outer;
    for (const name of taken) this.reserve(name);
  }

  /**
   * Gives the first of the wishes that is free, or else the last one with a number; a reserved word
   * gets a `_`.
   */
  declare(...wishes: readonly [string, ...string[]]): string {
    const names = wishes.map((wish) => (reserved.has(wish) ? `${wish}_` : wish));
    const isFree = (name: string): boolean => !this.has(name) && !this.#inside.has(name);
    const base = names.find(isFree) ?? names.at(-1) ?? "_";
    let name = base;
    for (let count = 2; !isFree(name); count += 1) name = `${base}${count}`;
    this.reserve(name);
    return name;
  }

  /** Takes a name that is given already. */
  reserve(name: string): void {
    this.#taken.add(name);
    this.#outer?.note(name);
  }

  /** Tells whether the name is taken here, or where this scope is. */
  has(name: string): boolean {
    return this.#taken.has(name) || (this.#outer?.has(name) ?? false);
  }

  /** Gives a scope inside of this one: its names differ from those out here. */
  inner(taken: Iterable<string> = []): Scope {
    return new Scope(taken, this);
  }

  private note(name: string): void {
    this.#inside.add(name);
    this.#outer?.note(name);
  }
}
