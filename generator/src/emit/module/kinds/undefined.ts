import type { UndefinedType } from "../../../model/model.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";

export const undefinedKind: Kind<UndefinedType> = {
  typeText: () => ["undefined"],
  test: (_type, value) => `${value} === undefined`,
  check: (_type, value, path) => [refuse(`${value} !== undefined`, path, "undefined")],
};
