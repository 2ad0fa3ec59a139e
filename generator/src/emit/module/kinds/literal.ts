import { any, array, call, callWith } from "../../../code/syntax.js";
import { constantText, constantTypeText } from "../../../model/constant-text.js";
import type { Constant, LiteralType } from "../../../model/model.js";
import { choose } from "../choices.js";
import type { PlainKind } from "../plain-kinds.js";
import { renamedArgument, storedValues } from "../renamed.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const literal: Kind<LiteralType> = {
  typeText: ({ values }) => values.map(constantTypeText),
  test: ({ values }, value) => {
    const tests = values.map((constant) => {
      const text = constantText(constant);
      return text === "NaN" ? `Number.isNaN(${value})` : `${value} === ${text}`;
    });
    return any(tests);
  },
  check: ({ values }, value, path, to) => [choose(values.map(constantText), value, path, to)],
  plain: (type) => storedValues(type).flatMap(kindsOf),
  codec({ values, renamed }, to) {
    const all = array(values.map(constantText));
    const [others] = renamedArgument(renamed);
    if (others !== undefined) return call(to.use("literalCodec"), [all, others]);
    return callWith(to.use("literalCodec"), [], all);
  },
  ...composite(),
};

function kindsOf(constant: Constant): readonly PlainKind[] {
  if (constant.kind === "number") return ["number"];
  if (constant.kind === "undefined") return ["undefined", "object"];
  // Tagged.
  if (constant.kind !== "json") return ["object"];
  if (constant.value === null) return ["null"];
  return [typeof constant.value as "boolean" | "number" | "string"];
}
