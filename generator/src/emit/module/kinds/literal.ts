import { any, inParentheses } from "../../../code/syntax.js";
import { constantText, constantTypeText } from "../../../model/constant-text.js";
import type { LiteralType } from "../../../model/model.js";
import { choose } from "../choices.js";
import type { Kind } from "./kind.js";

export const literal: Kind<LiteralType> = {
  typeText: ({ values }) => values.map(constantTypeText),
  test: ({ values }, value) => {
    const tests = values.map((constant) => {
      const text = constantText(constant);
      return text === "NaN" ? `Number.isNaN(${value})` : `${value} === ${text}`;
    });
    return tests.length === 1 ? tests : inParentheses(any(tests));
  },
  check: ({ values }, value, path, to) => [choose(values.map(constantText), value, path, to)],
};
