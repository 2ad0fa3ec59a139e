import { atMoments, isAboutNow } from "../model/moments.js";
import { isObject, member } from "../model/reflect.js";

/** Keywords whose members are named by the schema. */
const named: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);

/**
 * Gives the JSON Schema without defaults that are not the same each time it is made, since each run
 * would write another file, and without those that JSON does not hold.
 */
export function withSteadyDefaults(make: () => object): object {
  const [first = {}, ...others] = atMoments(make);
  return Object(steady(first, others, false));
}

/** @param isNamed - the members are schemas, and their keys no keywords */
function steady(value: unknown, others: readonly unknown[], isNamed: boolean): unknown {
  if (!isObject(value)) return value;
  const part = (item: unknown, key: string): unknown =>
    steady(
      item,
      others.map((other) => member(other, key)),
      !isNamed && named.has(key),
    );
  if (Array.isArray(value)) return value.map((item, index) => part(item, String(index)));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const isDefault = key === "default" && !isNamed;
      if (isDefault && !isSteady(item, others)) return [];
      return [[key, isDefault ? item : part(item, key)]];
    }),
  );
}

function isSteady(value: unknown, others: readonly unknown[]): boolean {
  const text = jsonText(value);
  if (text === undefined || isAboutNow(value)) return false;
  return others.every((other) => jsonText(member(other, "default")) === text);
}

/** Gives the value as JSON; `undefined` where it cannot be. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A bigint.
    return undefined;
  }
}
