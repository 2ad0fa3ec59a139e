import { call, forOf } from "../../../code/syntax.js";
import type { MapType } from "../../../model/model.js";
import { sizes } from "../bounds.js";
import { refuse, step } from "../rules.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const map: Kind<MapType> = {
  typeText: ({ key, value, readonly }, to) => [
    `${readonly ? "ReadonlyMap" : "Map"}<${to.of(key)}, ${to.of(value)}>`,
  ],
  test: (type, value, to) => to.passes(type, value),
  check(type, value, path, to) {
    const inner = to.within();
    const [key, item] = [inner.variable("key"), inner.variable("item")];
    const rules = [
      ...inner.rules(type.key, key, path.text(".keys()")),
      ...inner.rules(type.value, item, path.text(".values()")),
    ];
    return [
      refuse(`!${to.use("isMap")}(${value})`, path, "a Map"),
      ...sizes(type.minSize, type.maxSize, `${value}.size`, path, "entry"),
      step(forOf(`[${key}, ${item}]`, value, inner.statements(rules))),
    ];
  },
  plain: () => ["array"],
  codec: ({ key, value }, to) => call(to.use("mapCodec"), [to.codec(key), to.codec(value)]),
  ...composite(),
};
