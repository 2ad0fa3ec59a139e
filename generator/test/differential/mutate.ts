import type { Random } from "../../../fuzz/random.js";
import { texts } from "./recipes.js";

const strangers: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -0,
  7,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  5n,
  2n ** 70n,
  ...texts,
  [],
  [undefined],
  {},
  { a: 1 },
  { a: undefined },
];

/** The value with one part that is something else, is missing, or is too much. */
export function mutated(value: unknown, random: Random): unknown {
  const here = random.oneIn(3);
  if (value instanceof Date) return here ? stranger(random) : new Date(random.pick([Number.NaN, 0, 1e15]));
  if (value instanceof Uint8Array || typeof value !== "object" || value === null || here)
    return stranger(random);
  if (value instanceof Set) return new Set(mutatedList([...value], random));
  if (value instanceof Map) {
    const entries = [...value].map((entry) => (random.oneIn(2) ? entry : mutated(entry, random)));
    return new Map(entries.filter((entry): entry is [unknown, unknown] => Array.isArray(entry)));
  }
  if (Array.isArray(value)) return mutatedList(value, random);
  const entries = Object.entries(value);
  const others = Object.fromEntries(entries);
  const key = random.pick(["more", "", "__proto__", ...Object.keys(value)]);
  if (random.oneIn(3)) Reflect.deleteProperty(others, key);
  else {
    const changed = Object.hasOwn(others, key) ? mutated(others[key], random) : stranger(random);
    Object.defineProperty(others, key, {
      value: changed,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return others;
}

function stranger(random: Random): unknown {
  return structuredClone(random.pick(strangers));
}

function mutatedList(list: readonly unknown[], random: Random): unknown[] {
  const index = random.below(list.length + 1);
  const before = list.slice(0, index);
  if (random.oneIn(3)) return [...before, ...list.slice(index + 1)];
  return [...before, mutated(list[index], random), ...list.slice(index + (random.oneIn(2) ? 1 : 0))];
}
