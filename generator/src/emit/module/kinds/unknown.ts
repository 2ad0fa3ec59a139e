import type { UnknownType } from "../../../model/model.js";
import { plainKinds } from "../plain-kinds.js";
import { step } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

/** Whatever can be stored. */
export const unknown: Kind<UnknownType> = {
  typeText: () => ["unknown"],
  test: () => "true",
  check: (_type, value, path, to) => [step(`${to.use("checkStorable")}(${value}, ${path.expression});`)],
  plain: () => plainKinds,
  ...scalar("unknown"),
};
