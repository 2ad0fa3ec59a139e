import type { RefType } from "../../../model/model.js";
import { step } from "../rules.js";
import type { Kind } from "./kind.js";
import { functional } from "./scalar.js";

export const ref: Kind<RefType> = {
  typeText: ({ name, readonly }, to) => [readonly ? `Readonly<${to.named(name)}>` : to.named(name)],
  test: (type, value, to) => to.passes(type, value),
  check: ({ name }, value, path, to) => [step(to.check(name, value, path))],
  plain: ({ name }, to) => to.named(name),
  ...functional(),
  codec: (type, to) => to.reference(type),
};
