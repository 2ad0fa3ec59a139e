import type { CodeBlockWriter } from "ts-morph";
import { constantText } from "../../model/constant-text.js";
import type {
  BigIntType,
  BytesType,
  Constant,
  DateType,
  EnumType,
  LiteralType,
  NumberType,
  Pattern,
  StringType,
} from "../../model/model.js";

/**
 * Writes statements into a function of `checks.ts`, and notes which helpers of the runtime they
 * call.
 */
export interface CheckWriter {
  readonly out: CodeBlockWriter;
  /** Whether numbers follow Zod 3 or Zod 4. */
  readonly zod: 3 | 4;
  /** Marks a helper of `@sessgen/runtime` as used and gives back its name. */
  readonly helper: (name: string) => string;
  /** A constant of the module that holds the compiled pattern. */
  readonly pattern: (pattern: Pattern) => string;
  /** A name that no other variable has. */
  readonly variable: (wish: string) => string;
  /** Inside the check of a named type of a recursive model: what is passed on as the depth. */
  readonly depth?: string;
  /** The name of the check of a named type. */
  readonly check: (type: string) => string;
}

/** Writes `if (condition) fail(path, expected);`. */
export function refuse(writer: CheckWriter, condition: string, path: string, expected: string): void {
  writer.out.writeLine(`if (${condition}) ${writer.helper("fail")}(${path}, ${JSON.stringify(expected)});`);
}

/** Type, length, patterns, and parts of a string. */
export function writeString(writer: CheckWriter, type: StringType, value: string, path: string): void {
  const what = type.format === undefined ? "a string" : `a string in the format ${type.format}`;
  refuse(writer, `typeof ${value} !== "string"`, path, what);
  if (type.minLength !== undefined) {
    refuse(
      writer,
      lengthText(writer, value, "<", type.minLength),
      path,
      `a string of at least ${type.minLength} characters`,
    );
  }
  if (type.maxLength !== undefined) {
    refuse(
      writer,
      lengthText(writer, value, ">", type.maxLength),
      path,
      `a string of at most ${type.maxLength} characters`,
    );
  }
  for (const pattern of type.patterns) {
    const expected =
      type.format === undefined ? `a string that matches /${pattern.source}/${pattern.flags}` : what;
    refuse(writer, `!${writer.pattern(pattern)}.test(${value})`, path, expected);
  }
  for (const part of type.includes ?? []) {
    const text = JSON.stringify(part);
    refuse(writer, `!${value}.includes(${text})`, path, `a string that contains ${text}`);
  }
  for (const [method, verb, part] of [
    ["startsWith", "starts", type.startsWith],
    ["endsWith", "ends", type.endsWith],
  ] as const) {
    if (part === undefined) continue;
    const text = JSON.stringify(part);
    refuse(writer, `!${value}.${method}(${text})`, path, `a string that ${verb} with ${text}`);
  }
  if (type.patterns.length > 0) return;
  if (type.format === "url") refuse(writer, `!URL.canParse(${value})`, path, what);
  if (type.format === "lowercase") refuse(writer, `${value} !== ${value}.toLowerCase()`, path, what);
  if (type.format === "uppercase") refuse(writer, `${value} !== ${value}.toUpperCase()`, path, what);
}

/**
 * Compares the length of a string. Zod 4 counts code points, Zod 3 UTF-16 code units, of which a
 * code point takes one or two: code points are only counted where that leaves a doubt.
 */
function lengthText(writer: CheckWriter, value: string, operator: "<" | ">", limit: number): string {
  const units = `${value}.length ${operator} ${limit}`;
  if (writer.zod === 3 || limit === 0 || (operator === "<" && limit === 1)) return units;
  const points = `[...${value}].length ${operator} ${limit}`;
  if (operator === "<") return `${value}.length < ${limit * 2} && ${points}`;
  // Twice as many units are too many points for certain: a string of megabytes is not looked at.
  return `${units} && (${value}.length > ${limit * 2} || ${points})`;
}

/** NaN is never allowed, as in Zod; infinities where the schema's Zod allows them. */
export function writeNumber(writer: CheckWriter, type: NumberType, value: string, path: string): void {
  if (type.integer) {
    const test = writer.zod === 4 ? "isSafeInteger" : "isInteger";
    refuse(writer, `typeof ${value} !== "number" || !Number.${test}(${value})`, path, "an integer");
  } else if (type.finite) {
    refuse(writer, `typeof ${value} !== "number" || !Number.isFinite(${value})`, path, "a finite number");
  } else {
    refuse(writer, `typeof ${value} !== "number" || Number.isNaN(${value})`, path, "a number");
  }
  writeBounds(writer, type, value, path, "");
  for (const step of type.multipleOf ?? []) {
    refuse(writer, `!${writer.helper("isMultipleOf")}(${value}, ${step})`, path, `a multiple of ${step}`);
  }
}

/** Bigints have no fractions, so the remainder is exact. */
export function writeBigInt(writer: CheckWriter, type: BigIntType, value: string, path: string): void {
  refuse(writer, `typeof ${value} !== "bigint"`, path, "a bigint");
  writeBounds(writer, type, value, path, "n");
  if (type.multipleOf !== undefined) {
    refuse(writer, `${value} % ${type.multipleOf}n !== 0n`, path, `a multiple of ${type.multipleOf}`);
  }
}

function writeBounds(
  writer: CheckWriter,
  type: NumberType | BigIntType,
  value: string,
  path: string,
  suffix: "" | "n",
): void {
  const { min, max } = type;
  if (min !== undefined) {
    const words = min.exclusive ? "greater than" : "at least";
    refuse(
      writer,
      `${value} ${min.exclusive ? "<=" : "<"} ${min.value}${suffix}`,
      path,
      `${words} ${min.value}`,
    );
  }
  if (max !== undefined) {
    const words = max.exclusive ? "less than" : "at most";
    refuse(
      writer,
      `${value} ${max.exclusive ? ">=" : ">"} ${max.value}${suffix}`,
      path,
      `${words} ${max.value}`,
    );
  }
}

/** An invalid date has no place in storage. */
export function writeDate(writer: CheckWriter, type: DateType, value: string, path: string): void {
  refuse(writer, `!(${value} instanceof Date) || Number.isNaN(${value}.getTime())`, path, "a valid date");
  for (const [sign, words, limit] of [
    ["<", "no earlier", type.min],
    [">", "no later", type.max],
  ] as const) {
    if (limit === undefined) continue;
    const text = new Date(limit).toISOString();
    refuse(writer, `${value}.getTime() ${sign} ${limit}`, path, `a date ${words} than ${text}`);
  }
}

/** Length in bytes. */
export function writeBytes(writer: CheckWriter, type: BytesType, value: string, path: string): void {
  refuse(writer, `!(${value} instanceof Uint8Array)`, path, "a Uint8Array");
  writeSize(writer, `${value}.length`, type.minLength, type.maxLength, path, "bytes");
}

/** Bounds of a length or a size. */
export function writeSize(
  writer: CheckWriter,
  size: string,
  min: number | undefined,
  max: number | undefined,
  path: string,
  unit: string,
): void {
  if (min !== undefined) refuse(writer, `${size} < ${min}`, path, `at least ${min} ${unit}`);
  if (max !== undefined) refuse(writer, `${size} > ${max}`, path, `at most ${max} ${unit}`);
}

/** Compares with each literal; `NaN` is the one that does not equal itself. */
export function writeLiteral(writer: CheckWriter, type: LiteralType, value: string, path: string): void {
  writeOneOf(writer, type.values, value, path);
}

/** Compares with each member. */
export function writeEnum(writer: CheckWriter, type: EnumType, value: string, path: string): void {
  const constants = type.members.map((member) => ({ kind: "json", value: member.value }) as const);
  writeOneOf(writer, constants, value, path);
}

function writeOneOf(writer: CheckWriter, values: readonly Constant[], value: string, path: string): void {
  const texts = values.map(constantText);
  const differs = texts.map((text) => (text === "NaN" ? `!Number.isNaN(${value})` : `${value} !== ${text}`));
  const expected = texts.length === 1 ? texts.join() : `one of ${texts.join(", ")}`;
  refuse(writer, differs.length === 0 ? "true" : differs.join(" && "), path, expected);
}
