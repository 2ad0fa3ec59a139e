import type { Codec } from "./codec.js";
import type { Upcast } from "./upcast.js";

/**
 * What happens to a field when two requests changed the same session at once.
 * - `"last-write-wins"`: the later commit's value, whole (the default, except of flash lists)
 * - `"counter"`: both differences to the common base are added
 * - `"max"` / `"min"`: the larger or smaller number or date
 * - `{ union: key }`: a list of objects as a set by that key; additions, removals and changes of
 *   both sides are kept
 * - `{ append: limit }`: a list that both sides appended to; at most `limit` last elements are kept
 * - a {@link MergeFunction}
 */
export type MergePolicy<T = unknown> =
  | "last-write-wins"
  | "counter"
  | "max"
  | "min"
  | { readonly union: string }
  | { readonly append: number }
  | MergeMethod<T>["merge"];

/**
 * Merges a field that two requests changed at once. Called when both sides changed it and neither
 * removed it; again when somebody else writes first, so it must depend on its arguments alone. When
 * it throws, or gives what the schema forbids, the later commit's value stays.
 *
 * @param base - what both sides began with; `undefined` where the field was absent and has no
 *   default
 * @param mine - this request's value
 * @param theirs - what the other request stored. All three are copies that may be changed, or given
 *   back
 */
export type MergeFunction<T> = (base: T | undefined, mine: T, theirs: T) => T;

/** As a method, which a field of one type has in common with one of any type. */
interface MergeMethod<T> {
  merge(this: void, base: T | undefined, mine: T, theirs: T): T;
}

/**
 * One field of a session, as the generated module describes it. `any` stands nowhere in it: a
 * definition of a field of type `T` is used as one of `unknown` by those who handle all fields
 * alike, which methods (bivariant) allow.
 */
export interface FieldDefinition<T = unknown> {
  /** The name in the schema; also the member's name on the session. */
  readonly name: string;
  /**
   * What json and msgpack documents call it, where that is not its name: what it was called first,
   * so that an older version reads it and writes it, too. The first is written, all are read.
   */
  readonly stored?: readonly [string, ...string[]];
  /** The field's number in the packed format, from `sessgen.lock.json`; never reused. */
  readonly slot: number;
  /**
   * Where the newest slot among the field's own and all that lie beneath it stands in the lock's
   * log, counted from 1. Another history of the lock that is the same up to there reads the field
   * alike.
   */
  readonly position: number;
  /**
   * Throws `SessionFieldError` unless the value is what the schema allows; `undefined`, where that
   * removes the field.
   */
  check(this: void, value: unknown): asserts value is T | undefined;
  /**
   * Makes of an assigned value what the application's own schema makes of it, or refuses it; of a
   * schema that changes values, with `schemaModule` in the config.
   */
  convert?(this: void, value: unknown): unknown;
  /** How the field is stored. */
  readonly codec: Codec<T>;
  /** What the field was before its type changed, oldest first. */
  readonly former?: readonly Upcast[];
  /** The field may be `undefined`: assigning `undefined` removes it. */
  readonly optional?: boolean;
  /** Makes the value of an absent field; a fresh one each time. */
  default?(this: void): T;
  /** Makes the value that replaces an unreadable one (Zod's `.catch()`). */
  fallback?(this: void): T;
  /**
   * The value can be changed in place (object, list, map, set, date, bytes): compared again at
   * commit.
   */
  readonly mutable?: boolean;
  /** What concurrent changes do; `"last-write-wins"` unless said otherwise. */
  readonly merge?: MergePolicy<Exclude<T, undefined>>;
  /**
   * Shown once: reading it removes it at commit. `"list"`: of a list, whose elements can be added
   * and taken one by one.
   */
  readonly flash?: boolean | "list";
  /**
   * The value ends so many milliseconds after it was last assigned or changed, and is absent from
   * then on.
   */
  readonly ttl?: number;
  /** A change of this field gives the session a new id (OWASP: on change of privilege). */
  readonly regenerate?: "on-change";
  /**
   * Takes out of the value what says which user it is, of a field with `regenerate`; nobody where
   * it is absent. A session that goes from one to another begins its absolute lifetime anew.
   */
  identity?(this: void, value: Exclude<T, undefined>): IndexedValue | null | undefined;
  /**
   * What becomes of the other fields when a user comes to an anonymous session. Default `"keep"`.
   */
  readonly onLogin?: "keep" | "drop";
  /**
   * What becomes of the other fields when a user gives way to another one, or to nobody. Default
   * `"drop"`.
   */
  readonly onNewUser?: "drop" | "keep";
  /** Never shown in `toJSON()`, logs and `util.inspect`. */
  readonly redact?: boolean;
  /** Encrypted in the store; takes `encryption` of the options. */
  readonly encrypt?: boolean;
  /** May be sent to the browser: part of `$client()`. */
  readonly client?: boolean;
  /** Shown in `sessions.list()`. */
  readonly list?: boolean;
  /** What of the field sessions can be found by. */
  readonly indexes?: readonly FieldIndex<T>[];
}

/** Gives what documents call a field: the first is written, all are read. */
export function storedNames({
  name,
  stored,
}: Pick<FieldDefinition, "name" | "stored">): readonly [string, ...string[]] {
  return stored ?? [name];
}

/** What a session can be found by. */
export type IndexedValue = string | number | bigint | boolean | Date;

/** A part of a field that sessions can be found by. */
export interface FieldIndex<T = unknown> {
  /** As in `session.config.ts`: `user.id`. */
  readonly path: string;
  /** What the store calls it: an identifier. */
  readonly name: string;
  /** Takes the part out of the field's value. */
  pick(this: void, value: T): IndexedValue | null | undefined;
  /** Only SHA-256 of the value is given to the store. */
  readonly hashed?: boolean;
}

/** All fields of a session, in slot order. */
export type SessionDefinition = readonly FieldDefinition[];

/**
 * The lock's log of the slots that were ever given out, as far as it takes to tell whether another
 * one is the same up to a place.
 */
export interface History {
  /**
   * For each entry, in order, the first 4 bytes of a hash over it and all before it: 8 hexadecimal
   * digits each.
   */
  readonly hashes: string;
  /**
   * For each generation (what was committed together), the position of its last entry, counted from
   * 1.
   */
  readonly generations: readonly number[];
}
