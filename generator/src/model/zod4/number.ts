import type { BigIntType, Bound, DateType, NumberType } from "../model.js";
import { type Def, optional } from "../reflect.js";

/** What the fixed-width formats allow. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
  float32: [-3.4028234663852886e38, 3.4028234663852886e38],
};

const bigRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  uint64: [0n, (1n << 64n) - 1n],
};

/** Reads `z.number()`, `z.int()`, … with all their checks. */
export function readNumber(checks: readonly Def[]): NumberType {
  const bounds = new Bounds<number>();
  const multipleOf: number[] = [];
  let integer = false;
  for (const check of checks) {
    bounds.read(check);
    if (check["check"] === "multiple_of") multipleOf.push(Number(check["value"]));
    if (check["check"] !== "number_format") continue;
    const format = String(check["format"]);
    integer ||= /int/.test(format);
    bounds.restrict(ranges[format === "safeint" ? "" : format]);
  }
  return {
    kind: "number",
    integer,
    finite: true,
    ...bounds.result(),
    ...optional("multipleOf", multipleOf.length === 0 ? undefined : multipleOf),
  };
}

/** Reads `z.bigint()` with all its checks. */
export function readBigint(checks: readonly Def[]): BigIntType {
  const bounds = new Bounds<bigint>();
  let multipleOf: bigint | undefined;
  for (const check of checks) {
    bounds.read(check);
    if (check["check"] === "multiple_of") {
      const step = BigInt(String(check["value"]));
      multipleOf = multipleOf === undefined ? step : leastMultiple(multipleOf, step);
    }
    if (check["check"] === "bigint_format") bounds.restrict(bigRanges[String(check["format"])]);
  }
  const { min, max } = bounds.result();
  return {
    kind: "bigint",
    ...optional("min", min && { ...min, value: min.value.toString() }),
    ...optional("max", max && { ...max, value: max.value.toString() }),
    ...optional("multipleOf", multipleOf?.toString()),
  };
}

/** The least multiple of both: what is a multiple of both is one of it. */
function leastMultiple(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 0n : (one / a) * other;
}

/** Reads `z.date()` with all its checks. */
export function readDate(checks: readonly Def[]): DateType {
  const bounds = new Bounds<Date>();
  for (const check of checks) bounds.read(check);
  const { min, max } = bounds.result();
  return {
    kind: "date",
    ...optional("min", min?.value.getTime()),
    ...optional("max", max?.value.getTime()),
  };
}

/** Collects the narrowest bounds of several checks. */
class Bounds<T extends number | bigint | Date> {
  #min: Bound<T> | undefined;
  #max: Bound<T> | undefined;

  read(check: Def): void {
    const bound = { value: check["value"] as T, exclusive: check["inclusive"] === false };
    if (check["check"] === "greater_than") this.#atLeast(bound);
    if (check["check"] === "less_than") this.#atMost(bound);
  }

  restrict(range: readonly [T, T] | undefined): void {
    if (range === undefined) return;
    this.#atLeast({ value: range[0], exclusive: false });
    this.#atMost({ value: range[1], exclusive: false });
  }

  result(): { readonly min?: Bound<T>; readonly max?: Bound<T> } {
    return { ...optional("min", this.#min), ...optional("max", this.#max) };
  }

  #atLeast(bound: Bound<T>): void {
    const min = this.#min;
    if (min === undefined || bound.value > min.value || (bound.value >= min.value && bound.exclusive))
      this.#min = bound;
  }

  #atMost(bound: Bound<T>): void {
    const max = this.#max;
    if (max === undefined || bound.value < max.value || (bound.value <= max.value && bound.exclusive))
      this.#max = bound;
  }
}
