import type { Type } from "../../../model/model.js";
import { array } from "./array.js";
import { bigint } from "./bigint.js";
import { boolean } from "./boolean.js";
import { bytes } from "./bytes.js";
import { date } from "./date.js";
import { enumKind } from "./enum.js";
import type { Kind } from "./kind.js";
import { literal } from "./literal.js";
import { map } from "./map.js";
import { nullKind } from "./null.js";
import { nullable } from "./nullable.js";
import { number } from "./number.js";
import { object } from "./object.js";
import { optional } from "./optional.js";
import { record } from "./record.js";
import { ref } from "./ref.js";
import { set } from "./set.js";
import { string } from "./string.js";
import { tuple } from "./tuple.js";
import { undefinedKind } from "./undefined.js";
import { union } from "./union.js";
import { unknown } from "./unknown.js";

/** Every kind of type: the compiler names the one that is missing. */
const kinds: { readonly [K in Type["kind"]]: Kind<Extract<Type, { kind: K }>> } = {
  array,
  bigint,
  boolean,
  bytes,
  date,
  enum: enumKind,
  literal,
  map,
  null: nullKind,
  nullable,
  number,
  object,
  optional,
  record,
  ref,
  set,
  string,
  tuple,
  undefined: undefinedKind,
  union,
  unknown,
};

/** Gives what the kind of the type means. */
export function kindOf(type: Type): Kind<Type> {
  // The member of that name takes types of that kind, which the compiler cannot see.
  return kinds[type.kind] as Kind<Type>;
}
