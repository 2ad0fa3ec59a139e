import { any, inParentheses } from "../../../code/syntax.js";
import type { OptionalType } from "../../../model/model.js";
import { provided } from "../rules.js";
import type { Kind } from "./kind.js";

export const optional: Kind<OptionalType> = {
  typeText: ({ inner }, to) => [...to.members(inner), "undefined"],
  test: ({ inner }, value, to) => inParentheses(any([`${value} === undefined`, to.test(inner, value)])),
  check: ({ inner }, value, path, to) => provided(`${value} !== undefined`, to.rules(inner, value, path)),
};
