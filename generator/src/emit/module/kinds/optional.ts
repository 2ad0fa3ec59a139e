import { any, binary, call, conditional, ifLine } from "../../../code/syntax.js";
import type { OptionalType } from "../../../model/model.js";
import { provided } from "../rules.js";
import type { Kind } from "./kind.js";

export const optional: Kind<OptionalType> = {
  typeText: ({ inner }, to) => [...to.members(inner), "undefined"],
  test: ({ inner }, value, to) => any([`${value} === undefined`, to.test(inner, value)]),
  check: ({ inner }, value, path, to) => provided(`${value} !== undefined`, to.rules(inner, value, path)),
  plain: ({ inner }, to) => [...to.of(inner), "undefined", "object"],
  codec: ({ inner }, to) => call(to.use("optionalCodec"), [to.codec(inner)]),
  write: ({ inner }, value, to) =>
    ifLine([[`${value} === undefined`, "writer.undefined();"]], to.write(inner, value)),
  read: ({ inner }, to) => conditional("reader.tryUndefined()", "undefined", to.read(inner)),
  toPlain: ({ inner }, value, to) =>
    conditional(binary(`${value} === undefined`), `${to.plain}.undefined()`, to.toPlain(inner, value)),
  fromPlain: ({ inner }, value, to) =>
    conditional(`plain.isUndefined(${value})`, "undefined", to.fromPlain(inner, value)),
};
