import { call, forOf } from "../../../code/syntax.js";
import type { SetType } from "../../../model/model.js";
import { sizes } from "../bounds.js";
import { refuse, step } from "../rules.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const set: Kind<SetType> = {
  typeText: ({ element, readonly }, to) => [`${readonly ? "ReadonlySet" : "Set"}<${to.of(element)}>`],
  test: (type, value, to) => to.passes(type, value),
  check({ element, minSize, maxSize }, value, path, to) {
    const inner = to.within();
    const item = inner.variable("item");
    return [
      refuse(`!${to.use("isSet")}(${value})`, path, "a Set"),
      ...sizes(minSize, maxSize, `${value}.size`, path, "member"),
      step(forOf(item, value, inner.statements(inner.rules(element, item, path.text(".values()"))))),
    ];
  },
  plain: () => ["array"],
  codec: ({ element }, to) => call(to.use("setCodec"), [to.codec(element)]),
  ...composite(),
};
