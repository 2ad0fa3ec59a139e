import { createHash } from "node:crypto";
import { constantText } from "../model/constant-text.js";
import type { Bound, Pattern, SessionModel, Type } from "../model/model.js";
import { type ByKind, byKind, childrenOf } from "../model/walk.js";
import { nameText, placePath } from "./path.js";
import { storedKind, withoutNames } from "./stored-kind.js";

/** What the values at a place have to pass, beyond being of their kind. */
export type Checks = Readonly<Record<string, string | number | true | readonly string[]>>;

/** Longer patterns are known again by a hash. */
const MAX_PATTERN = 60;

/**
 * Gives what is checked at each place of the model, by its path, in a normalised form: what says
 * nothing is left out.
 */
export function checksOf(model: SessionModel): Readonly<Record<string, Checks>> {
  const found: [string, Found][] = [];
  const visit = (type: Type, path: string, isProperty: boolean): void => {
    const own = byKind(checks, type, model.types);
    // Of a property it is said with the property.
    if (!isProperty || (type.kind !== "nullable" && type.kind !== "optional")) found.push([path, own]);
    for (const { type: inner, place } of childrenOf(type)) {
      const below = placePath(path, place);
      visit(inner, below, place.kind === "property" || (place.kind === "inner" && isProperty));
    }
  };
  for (const { name, type } of model.fields) visit(type, nameText(name), true);
  for (const [name, type] of Object.entries(model.types)) visit(type, `@${name}`, false);
  const merged = new Map<string, Checks>();
  for (const [path, own] of found) {
    const given = Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    if (given.length > 0) merged.set(path, { ...merged.get(path), ...Object.fromEntries(given) });
  }
  return Object.fromEntries([...merged].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What is checked; `undefined` where nothing is. */
type Found = { readonly [check: string]: Checks[string] | undefined };

const none = (): Found => ({});

const checks: ByKind<Found, [types: SessionModel["types"]]> = {
  string: ({ format, minLength, maxLength, patterns, includes, startsWith, endsWith }) => ({
    format,
    minLength,
    maxLength,
    patterns: patterns.length === 0 ? undefined : patterns.map(patternText),
    includes,
    startsWith,
    endsWith,
  }),
  number: ({ integer, min, max, multipleOf }) => ({
    integer: integer || undefined,
    ...lower(min),
    ...upper(max),
    multipleOf: multipleOf?.map(String),
  }),
  bigint: ({ min, max, multipleOf }) => ({
    ...lower(min),
    ...upper(max),
    multipleOf: multipleOf === undefined ? undefined : [multipleOf],
  }),
  date: ({ min, max }) => ({ min, max }),
  bytes: ({ minLength, maxLength }) => ({ minLength, maxLength }),
  literal: ({ values }) => ({ values: values.map(constantText) }),
  object: ({ rest }, types) => ({
    rest: typeof rest === "object" ? "catchall" : rest === "strip" ? undefined : rest,
    // They have no entries of their own that would say it.
    keys: typeof rest === "object" ? withoutNames(storedKind(rest.catchall, types)) : undefined,
  }),
  array: ({ minLength, maxLength }) => ({ minLength, maxLength }),
  tuple: ({ required }) => ({ minLength: required || undefined }),
  record: ({ partial }) => ({ partial: partial || undefined }),
  map: ({ minSize, maxSize }) => ({ minSize, maxSize }),
  set: ({ minSize, maxSize }) => ({ minSize, maxSize }),
  nullable: () => ({ nullable: true }),
  optional: () => ({ optional: true }),
  boolean: none,
  null: none,
  undefined: none,
  unknown: none,
  enum: none,
  union: none,
  ref: none,
};

function lower(bound: Bound<string | number> | undefined): Found {
  return bound === undefined ? {} : { [bound.exclusive ? "above" : "min"]: bound.value };
}

function upper(bound: Bound<string | number> | undefined): Found {
  return bound === undefined ? {} : { [bound.exclusive ? "below" : "max"]: bound.value };
}

function patternText({ source, flags }: Pattern): string {
  const text = `/${source}/${flags}`;
  if (text.length <= MAX_PATTERN) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
