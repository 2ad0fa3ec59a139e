import { SessionError } from "../../errors.js";
import type { SessionBase } from "./session-base.js";

/** What of a session's own is there for whoever only reads. */
type ReadableMember =
  | "$id"
  | "$isNew"
  | "$isNull"
  | "$isDisabled"
  | "$permanent"
  | "$createdAt"
  | "$expiresAt"
  | "$client";

/** A value that cannot be changed in place either. */
export type ReadonlyValue<T> = T extends
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ((...args: never) => unknown)
  ? T
  : T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<ReadonlyValue<K>, ReadonlyValue<V>>
    : T extends ReadonlySet<infer E>
      ? ReadonlySet<ReadonlyValue<E>>
      : T extends object
        ? { readonly [Name in keyof T]: ReadonlyValue<T[Name]> }
        : T;

/**
 * A session for whoever only reads: its fields, all the way down, and what does not change it. An
 * assignment to one of them does not compile.
 * @typeParam S - the generated class
 */
export type ReadonlySessionOf<S extends SessionBase> = {
  readonly [Name in keyof S as Name extends `$${string}` ? never : Name]: ReadonlyValue<S[Name]>;
} & Readonly<Pick<S, ReadableMember>>;

const readable: ReadonlySet<PropertyKey> = new Set<ReadableMember>([
  "$id",
  "$isNew",
  "$isNull",
  "$isDisabled",
  "$permanent",
  "$createdAt",
  "$expiresAt",
  "$client",
]);

/**
 * Shows a session for reading. Code that no compiler has looked at finds out, too: what would write
 * throws, and values are frozen.
 */
export function readOnly<S extends SessionBase>(session: S): ReadonlySessionOf<S> {
  return new Proxy(session, {
    get(target, name) {
      // Frameworks look for names of their own that begin so, such as `$$typeof`, in what they are
      // handed.
      const isOurs = String(name).startsWith("$") && name in target;
      if (isOurs && !readable.has(name)) throw refused(`${String(name)}()`);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : frozen(value);
    },
    set: (_, name) => {
      throw refused(`the assignment to ${String(name)}`);
    },
    defineProperty: (_, name) => {
      throw refused(`the assignment to ${String(name)}`);
    },
    deleteProperty: (_, name) => {
      throw refused(`the removal of ${String(name)}`);
    },
  }) as object as ReadonlySessionOf<S>;
}

/** Makes the error of what would write where the session is for reading. */
export function refused(what: string): SessionError {
  return new SessionError("session/read-only", `The session is for reading here: ${what} is refused`);
}

/** Arrays and plain objects only: nothing can be done to a Map, and bytes cannot be frozen. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
