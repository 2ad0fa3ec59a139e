import type { BooleanType } from "../../../model/model.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

export const boolean: Kind<BooleanType> = {
  typeText: () => ["boolean"],
  test: (_type, value) => `typeof ${value} === "boolean"`,
  check: (_type, value, path) => [refuse(`typeof ${value} !== "boolean"`, path, "true or false")],
  plain: () => ["boolean"],
  ...scalar("boolean", { asIs: true }),
};
