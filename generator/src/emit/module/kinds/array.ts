import { call, forOf } from "../../../code/syntax.js";
import type { ArrayType } from "../../../model/model.js";
import { sizes } from "../bounds.js";
import { refuse, step } from "../rules.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const array: Kind<ArrayType> = {
  typeText: ({ readonly, element }, to) => [`${readonly ? "readonly " : ""}${to.operand(element)}[]`],
  test: (type, value, to) => to.passes(type, value),
  check({ element, minLength, maxLength }, value, path, to) {
    const inner = to.within();
    const [index, item] = [inner.variable("index"), inner.variable("item")];
    const rules = inner.rules(element, item, path.element(index));
    return [
      refuse(`!${to.use("isList")}(${value})`, path, "an array"),
      ...sizes(minLength, maxLength, `${value}.length`, path, "item"),
      step(forOf(`[${index}, ${item}]`, `${value}.entries()`, inner.statements(rules))),
    ];
  },
  plain: () => ["array"],
  codec: ({ element }, to) => call(to.use("listCodec"), [to.codec(element)]),
  ...composite(),
};
