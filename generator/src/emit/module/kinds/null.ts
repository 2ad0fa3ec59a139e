import type { NullType } from "../../../model/model.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";

export const nullKind: Kind<NullType> = {
  typeText: () => ["null"],
  test: (_type, value) => `${value} === null`,
  check: (_type, value, path) => [refuse(`${value} !== null`, path, "null")],
  plain: () => ["null"],
  codec: (_type, to) => to.use("nullCodec"),
  write: () => "writer.nil();",
  read: () => "reader.nil()",
  toPlain: (_type, _value) => "null",
  fromPlain: (_type, value, to) => `${to.use("nullCodec")}.fromPlain(${value}, plain)`,
};
