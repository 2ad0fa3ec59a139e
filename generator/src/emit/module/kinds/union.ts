import { camelCase, memberBinding } from "../../../code/names.js";
import { all, any, destructure, ifElse, stringText } from "../../../code/syntax.js";
import type { UnionType } from "../../../model/model.js";
import type { Path } from "../path.js";
import { isNatural } from "../plain-kinds.js";
import { failure, refuse, step } from "../rules.js";
import { tagsOf } from "../tags.js";
import type { Checks, Kind } from "./kind.js";
import { functional } from "./scalar.js";
import { assembleUnion, unionFunctions } from "./union-codec.js";

export const union: Kind<UnionType> = {
  typeText: ({ variants }, to) => variants.flatMap((variant) => to.members(variant.type)),
  test({ variants }, value, to) {
    const tests = variants.map((variant) => to.test(variant.type, value));
    return any(tests);
  },
  check(type, value, path, to) {
    const tags = tagsOf(type);
    if (tags !== undefined) return tagged(type, tags, value, path, to);
    const fails = type.variants.map((variant) => to.fails(variant.type, value, path));
    return [refuse(all(fails), path, "one of the types of its union")];
  },
  plain: (type, to) =>
    tagsOf(type) !== undefined || isNatural(type, to)
      ? type.variants.flatMap((variant) => [...to.of(variant.type)])
      : ["array"],
  ...functional(),
  functions: unionFunctions,
  assemble: assembleUnion,
};

/** Told apart by the discriminator, so that the path leads to what is wrong inside. */
function tagged(
  { discriminator = "", variants }: UnionType,
  tags: readonly (readonly string[])[],
  value: string,
  path: Path,
  to: Checks,
) {
  const wish = camelCase(discriminator);
  const tag = to.variable(wish, `${wish}Member`);
  const cases = variants.map((variant, index) => {
    const own = tags[index] ?? [];
    const statements = to.statements(to.rules(variant.type, value, path));
    return [any(own.map((text) => `${tag} === ${text}`)), statements] as const;
  });
  const expected = stringText(`one of ${tags.flat().join(", ")}`);
  const otherwise = failure(to.use("fail"), path.member(discriminator), expected);
  return [
    refuse(`!${to.use("isRecord")}(${value})`, path, "an object"),
    step(destructure([memberBinding(discriminator, tag)], value)),
    step(ifElse(cases, [otherwise])),
  ];
}
