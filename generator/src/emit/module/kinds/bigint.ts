import type { BigIntType } from "../../../model/model.js";
import { bounds } from "../bounds.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

/** Bigints have no fractions, so the remainder is exact. */
export const bigint: Kind<BigIntType> = {
  typeText: () => ["bigint"],
  test: (_type, value) => `typeof ${value} === "bigint"`,
  check: (type, value, path) => [
    refuse(`typeof ${value} !== "bigint"`, path, "a bigint"),
    ...bounds(type, value, path, (limit) => `${limit}n`),
    ...(type.multipleOf === undefined
      ? []
      : [refuse(multiple(value, type.multipleOf), path, `a multiple of ${type.multipleOf}`)]),
  ],
  plain: () => ["number", "bigint", "string"],
  ...scalar("bigint"),
};

/** Nothing is a multiple of zero. */
function multiple(value: string, step: string): string {
  return step === "0" ? "true" : `${value} % ${step}n !== 0n`;
}
