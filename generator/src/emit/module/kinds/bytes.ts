import type { BytesType } from "../../../model/model.js";
import { sizes } from "../bounds.js";
import { refuse } from "../rules.js";
import type { Kind } from "./kind.js";
import { scalar } from "./scalar.js";

const plain = scalar<BytesType>("bytes");
const buffer = scalar<BytesType>("buffer");

export const bytes: Kind<BytesType> = {
  typeText: (type) => [classOf(type)],
  test: (type, value) => `${value} instanceof ${classOf(type)}`,
  check: (type, value, path) => [
    refuse(`!(${value} instanceof ${classOf(type)})`, path, `a ${classOf(type)}`),
    ...sizes(type.minLength, type.maxLength, `${value}.length`, path, "byte"),
  ],
  plain: () => ["bytes", "string"],
  codec: (type, to) => methodsOf(type).codec(type, to),
  write: (type, value, to) => plain.write(type, value, to),
  read: (type, to) => methodsOf(type).read(type, to),
  toPlain: (type, value, to) => plain.toPlain(type, value, to),
  fromPlain: (type, value, to) => methodsOf(type).fromPlain(type, value, to),
};

function classOf({ buffer: isBuffer }: BytesType): "Buffer" | "Uint8Array" {
  return isBuffer ? "Buffer" : "Uint8Array";
}

function methodsOf({ buffer: isBuffer }: BytesType): typeof plain {
  return isBuffer ? buffer : plain;
}
