/**
 * A schema's definition, read by structure: the user's copy of Zod is not ours, so its classes mean
 * nothing here.
 */
export type Def = Readonly<Record<string, unknown>>;

/** Tells whether the value has members. */
export function isObject(value: unknown): value is Def {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Gives a member of an object, if there is one. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/** Gives the value if it is a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Gives the value if it is a text. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Gives the value if it is a list, or else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Calls a member function without arguments. */
export function call(value: unknown, name: string, ...args: unknown[]): unknown {
  const method = member(value, name);
  return typeof method === "function" ? Reflect.apply(method, value, args) : undefined;
}

/**
 * Gives `{ name: value }`, or nothing when there is no value: optional members must be absent, not
 * `undefined`.
 */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
}

/** Gives the greater, or whichever there is. */
export function greatest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

/** Gives the smaller, or whichever there is. */
export function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
