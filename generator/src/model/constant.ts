import type { Constant } from "./model.js";

/**
 * Gives the constant as plain data; `undefined` when it is something that cannot be written into
 * code.
 */
export function constantOf(value: unknown): Constant | undefined {
  switch (typeof value) {
    case "undefined":
      return { kind: "undefined" };
    case "boolean":
    case "string":
      return { kind: "json", value };
    case "bigint":
      return { kind: "bigint", value: value.toString() };
    case "number":
      if (Object.is(value, -0)) return { kind: "number", value: "-0" };
      if (Number.isFinite(value)) return { kind: "json", value };
      return { kind: "number", value: String(value) as "NaN" | "Infinity" | "-Infinity" };
    case "object":
      return value === null ? { kind: "json", value } : objectConstant(value);
    default:
      return undefined;
  }
}

/** Gives a literal of the schema. Zod tells 0 and -0 as little apart as a set does. */
export function literalOf(value: unknown): Constant | undefined {
  return constantOf(value === 0 ? 0 : value);
}

/** Gives the value that the constant is. */
export function valueOfConstant(constant: Constant): unknown {
  switch (constant.kind) {
    case "json":
      return constant.value;
    case "number":
      return Number(constant.value);
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(constant.value);
    case "date":
      return new Date(constant.value);
    case "bytes":
      return constant.buffer ? Buffer.from(constant.value) : Uint8Array.from(constant.value);
    case "array":
      return constant.items.map(valueOfConstant);
    case "object":
      return Object.fromEntries(constant.entries.map(([key, value]) => [key, valueOfConstant(value)]));
    case "map":
      return new Map(constant.entries.map(([key, value]) => [valueOfConstant(key), valueOfConstant(value)]));
    case "set":
      return new Set(constant.items.map(valueOfConstant));
  }
}

function objectConstant(value: object): Constant | undefined {
  if (Array.isArray(value)) {
    const items = constants(value);
    return items && { kind: "array", items };
  }
  if (value instanceof Date) return { kind: "date", value: value.getTime() };
  if (value instanceof Uint8Array) {
    return { kind: "bytes", value: [...value], ...(Buffer.isBuffer(value) && { buffer: true }) };
  }
  if (value instanceof Set) {
    const items = constants([...value]);
    return items && { kind: "set", items };
  }
  if (value instanceof Map) {
    const keys = constants([...value.keys()]);
    const values = constants([...value.values()]);
    return keys && values && { kind: "map", entries: pairs(keys, values) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined;
  const values = constants(Object.values(value));
  return values && { kind: "object", entries: pairs(Object.keys(value), values) };
}

function constants(values: readonly unknown[]): Constant[] | undefined {
  const found = values.map(constantOf).filter((constant) => constant !== undefined);
  return found.length === values.length ? found : undefined;
}

function pairs<K, V>(keys: readonly K[], values: readonly V[]): (readonly [K, V])[] {
  return keys.flatMap((key, index) => {
    const value = values[index];
    return value === undefined ? [] : [[key, value] as const];
  });
}
