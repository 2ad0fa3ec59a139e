import { any, inParentheses } from "../../../code/syntax.js";
import type { NullableType } from "../../../model/model.js";
import { provided } from "../rules.js";
import type { Kind } from "./kind.js";

export const nullable: Kind<NullableType> = {
  typeText: ({ inner }, to) => [...to.members(inner), "null"],
  test: ({ inner }, value, to) => inParentheses(any([`${value} === null`, to.test(inner, value)])),
  check: ({ inner }, value, path, to) => provided(`${value} !== null`, to.rules(inner, value, path)),
};
