import { numberText } from "../../../code/syntax.js";
import type { NumberType } from "../../../model/model.js";
import { bounds } from "../bounds.js";
import { type Rule, refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

/** `NaN` is never allowed, as in Zod; infinities where the schema's Zod allows them. */
export const number: Kind<NumberType> = {
  typeText: () => ["number"],
  test: (_type, value) => `typeof ${value} === "number"`,
  check(type, value, path, to) {
    const integer = to.zod === 4 ? "isSafeInteger" : "isInteger";
    const [test, what] = type.integer
      ? ([integer, "an integer"] as const)
      : type.finite
        ? (["isFiniteNumber", "a finite number"] as const)
        : (["isNumber", "a number"] as const);
    const multiple = to.zod === 4 ? "isMultipleOf" : "isMultipleInDigits";
    const steps = (type.multipleOf ?? []).map((step): Rule => {
      const text = numberText(step);
      return refuse(`!${to.use(multiple)}(${value}, ${text})`, path, `a multiple of ${text}`);
    });
    return [
      refuse(`!${to.use(test)}(${value})`, path, what),
      ...bounds(type, value, path, numberText),
      ...steps,
    ];
  },
  plain: () => ["number"],
  ...scalar("number"),
};
