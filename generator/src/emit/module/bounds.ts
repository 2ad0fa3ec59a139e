import type { Bound } from "../../model/model.js";
import type { Path } from "./path.js";
import { type Rule, refuse } from "./rules.js";

/** Gives the rules of a lower and an upper bound. */
export function bounds<T extends string | number>(
  { min, max }: { readonly min?: Bound<T>; readonly max?: Bound<T> },
  value: string,
  path: Path,
  text: (limit: T) => string,
): Rule[] {
  const rules: Rule[] = [];
  if (min !== undefined) {
    const words = min.exclusive ? "greater than" : "at least";
    rules.push(
      refuse(`${value} ${min.exclusive ? "<=" : "<"} ${text(min.value)}`, path, `${words} ${min.value}`),
    );
  }
  if (max !== undefined) {
    const words = max.exclusive ? "less than" : "at most";
    rules.push(
      refuse(`${value} ${max.exclusive ? ">=" : ">"} ${text(max.value)}`, path, `${words} ${max.value}`),
    );
  }
  return rules;
}

/** Gives the rules of a length or a size. */
export function sizes(
  min: number | undefined,
  max: number | undefined,
  size: string,
  path: Path,
  unit: string,
): Rule[] {
  if (min !== undefined && min === max) return [refuse(`${size} !== ${min}`, path, counted(min, unit))];
  const rules: Rule[] = [];
  if (min !== undefined && min > 0)
    rules.push(refuse(`${size} < ${min}`, path, `at least ${counted(min, unit)}`));
  if (max !== undefined) rules.push(refuse(`${size} > ${max}`, path, `at most ${counted(max, unit)}`));
  return rules;
}

/** Gives `1 item`, `2 items`, `2 entries`. */
export function counted(count: number, unit: string): string {
  if (count === 1) return `1 ${unit}`;
  return `${count} ${unit.endsWith("y") ? `${unit.slice(0, -1)}ies` : `${unit}s`}`;
}
