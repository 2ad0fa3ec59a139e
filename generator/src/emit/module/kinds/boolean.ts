import type { BooleanType } from "../../../model/model.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";

export const boolean: Kind<BooleanType> = {
  typeText: () => ["boolean"],
  test: (_type, value) => `typeof ${value} === "boolean"`,
  check: (_type, value, path) => [refuse(`typeof ${value} !== "boolean"`, path, "true or false")],
};
