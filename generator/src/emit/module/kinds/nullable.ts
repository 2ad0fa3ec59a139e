import { any, binary, call, conditional, ifLine } from "../../../code/syntax.js";
import type { NullableType } from "../../../model/model.js";
import { provided } from "../rules.js";
import type { Kind } from "./kind.js";

export const nullable: Kind<NullableType> = {
  typeText: ({ inner }, to) => [...to.members(inner), "null"],
  test: ({ inner }, value, to) => any([`${value} === null`, to.test(inner, value)]),
  check: ({ inner }, value, path, to) => provided(`${value} !== null`, to.rules(inner, value, path)),
  plain: ({ inner }, to) => [...to.of(inner), "null"],
  codec: ({ inner }, to) => call(to.use("nullableCodec"), [to.codec(inner)]),
  write: ({ inner }, value, to) => ifLine([[`${value} === null`, "writer.nil();"]], to.write(inner, value)),
  read: ({ inner }, to) => conditional("reader.tryNil()", "null", to.read(inner)),
  toPlain({ inner }, value, to) {
    const plain = to.toPlain(inner, value);
    return plain === value ? value : conditional(binary(`${value} === null`), "null", plain);
  },
  fromPlain: ({ inner }, value, to) =>
    conditional(binary(`${value} === null`), "null", to.fromPlain(inner, value)),
};
