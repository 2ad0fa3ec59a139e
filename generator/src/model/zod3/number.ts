import type { BigIntType, DateType, NumberType } from "../model.js";
import type { Def } from "../reflect.js";
import {
  readBigint as readBigint4,
  readDate as readDate4,
  readNumber as readNumber4,
} from "../zod4/number.js";

/** Reads `z.number()` with all its checks. Without `.finite()` infinities are allowed. */
export function readNumber(checks: readonly Def[]): NumberType {
  const finite = checks.some((check) => check["kind"] === "finite");
  const type = readNumber4(checks.map(likeZod4));
  return { ...type, finite: finite || type.integer };
}

/** Reads `z.bigint()` with all its checks. */
export function readBigint(checks: readonly Def[]): BigIntType {
  return readBigint4(checks.map(likeZod4));
}

/** Reads `z.date()` with all its checks. */
export function readDate(checks: readonly Def[]): DateType {
  return readDate4(
    checks.map((check) => likeZod4({ ...check, value: new Date(Number(check["value"])), inclusive: true })),
  );
}

/** The two versions say the same in other words. */
function likeZod4(check: Def): Def {
  switch (check["kind"]) {
    case "min":
      return { check: "greater_than", value: check["value"], inclusive: check["inclusive"] };
    case "max":
      return { check: "less_than", value: check["value"], inclusive: check["inclusive"] };
    case "multipleOf":
      return { check: "multiple_of", value: check["value"] };
    case "int":
      return { check: "number_format", format: "safeint" };
    default:
      return {};
  }
}
