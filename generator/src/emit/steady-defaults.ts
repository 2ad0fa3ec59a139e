import { atMoments, isAboutNow } from "../model/moments.js";
import { isObject, member } from "../model/reflect.js";

/** Keywords whose members are named by the schema. */
const named: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);

/**
 * Gives the JSON Schema without defaults that are not the same each time it is made: each run would
 * write another file.
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
  const text = JSON.stringify(value);
  return !isAboutNow(value) && others.every((other) => JSON.stringify(member(other, "default")) === text);
}
