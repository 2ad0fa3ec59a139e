import type { BytesType } from "../../../model/model.js";
import { sizes } from "../bounds.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

export const bytes: Kind<BytesType> = {
  typeText: () => ["Uint8Array"],
  test: (_type, value) => `${value} instanceof Uint8Array`,
  check: ({ minLength, maxLength }, value, path) => [
    refuse(`!(${value} instanceof Uint8Array)`, path, "a Uint8Array"),
    ...sizes(minLength, maxLength, `${value}.length`, path, "byte"),
  ],
  plain: () => ["bytes", "string"],
  ...scalar("bytes"),
};
