import type { UndefinedType } from "../../../model/model.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";

export const undefinedKind: Kind<UndefinedType> = {
  typeText: () => ["undefined"],
  test: (_type, value) => `${value} === undefined`,
  check: (_type, value, path) => [refuse(`${value} !== undefined`, path, "undefined")],
  plain: () => ["undefined", "object"],
  codec: (_type, to) => to.use("undefinedCodec"),
  write: () => "writer.undefined();",
  read: () => "reader.undefined()",
  toPlain: (_type, _value, to) => `${to.plain}.undefined()`,
  fromPlain: (_type, value, to) => `${to.use("undefinedCodec")}.fromPlain(${value}, plain)`,
};
