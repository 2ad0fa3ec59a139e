import { Unpackr } from "msgpackr";
import { untag } from "../../../src/codec/plain/tagged.js";
import { OfVariant, type Schema } from "./schema.js";

const unpackr = new Unpackr({
  useRecords: false,
  mapsAsObjects: false,
  moreTypes: true,
  int64AsType: "bigint",
});

/** What a decoder of MessagePack makes of the bytes that knows nothing of ours. */
export function decoded(bytes: Uint8Array): unknown {
  return unpackr.unpack(bytes);
}

/** The value of a schema, out of what a decoder of MessagePack gives: docs/packed.md, once more. */
export function interpreted(schema: Schema, given: unknown): unknown {
  if (typeof schema === "string") return scalars[schema](given);
  if ("enum" in schema) return schema.enum[Number(given)];
  if ("list" in schema) return listOf(given).map((item) => interpreted(schema.list, item));
  if ("set" in schema) return new Set(listOf(given).map((item) => interpreted(schema.set, item)));
  if ("map" in schema) {
    const [key, value] = schema.map;
    return new Map([...mapOf(given)].map(([k, v]) => [interpreted(key, k), interpreted(value, v)]));
  }
  if ("record" in schema) {
    const entries = [...mapOf(given)].map(([k, v]) => [unescaped(String(k)), interpreted(schema.record, v)]);
    return Object.fromEntries(entries);
  }
  if ("nullable" in schema) return given === null ? null : interpreted(schema.nullable, given);
  if ("optional" in schema) return given === undefined ? undefined : interpreted(schema.optional, given);
  if ("tuple" in schema) return schema.tuple.map((item, index) => interpreted(item, listOf(given)[index]));
  if ("union" in schema) {
    const [slot, value] = listOf(given);
    const variant = schema.union.find(([own]) => own === slot)?.[1] ?? "null";
    return new OfVariant(Number(slot), interpreted(variant, value));
  }
  const { slots, values, rest } = object(given);
  const members: Record<string, unknown> = {};
  for (const [slot, name, type] of schema.object) {
    const index = slots.indexOf(slot);
    if (index !== -1) members[name] = interpreted(type, values[index]);
  }
  if (rest !== undefined && schema.rest !== undefined)
    Object.assign(members, interpreted({ record: schema.rest }, rest));
  return members;
}

function object(given: unknown): { slots: number[]; values: readonly unknown[]; rest: unknown } {
  if (Array.isArray(given)) return { slots: [...given.keys()], values: given, rest: undefined };
  const [[bits, values]] = [...mapOf(given)] as [[unknown, unknown[]]];
  const slots: number[] = [];
  const isSet = (slot: number): boolean =>
    bits instanceof Uint8Array
      ? (((bits[slot >> 3] ?? 0) >> (slot & 7)) & 1) === 1
      : (Number(bits) >> slot) % 2 === 1;
  const count = bits instanceof Uint8Array ? bits.length * 8 : 31;
  for (let slot = 0; slot < count; slot += 1) if (isSet(slot)) slots.push(slot);
  return { slots, values, rest: values[slots.length] };
}

const scalars: Record<Extract<Schema, string>, (given: unknown) => unknown> = {
  string: text,
  number,
  bigint: (given) => BigInt(given as bigint),
  boolean: (given) => given,
  date: (given) => (given instanceof Date ? given : new Date(number(given))),
  bytes: (given) => Uint8Array.from(given as Uint8Array),
  null: (given) => given,
  undefined: (given) => given,
  unknown: (given) => untag(plain(given)),
};

function text(given: unknown): string {
  if (typeof given === "string") return unescaped(given);
  const parts = Array.isArray(given) ? given : [given];
  const base64url = parts.map((part: Uint8Array) => Buffer.from(part).toString("base64url")).join(".");
  if (parts.length > 1 || parts[0].length !== 16) return base64url;
  const hex = Buffer.from(parts[0]).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function number(given: unknown): number {
  if (!Array.isArray(given)) return Number(given);
  return Number(given[1]) / 10 ** Number(given[0]);
}

function unescaped(given: string): string {
  return given.replace(/\ufffd(fffd|d[89a-f][0-9a-f]{2})/g, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Maps as objects, and text as it was. */
function plain(given: unknown): unknown {
  if (typeof given === "string") return unescaped(given);
  if (Array.isArray(given)) return given.map(plain);
  if (!(given instanceof Map)) return given;
  return Object.fromEntries([...given].map(([key, value]) => [unescaped(String(key)), plain(value)]));
}

function listOf(given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) throw new TypeError("no list");
  return given;
}

function mapOf(given: unknown): ReadonlyMap<unknown, unknown> {
  if (!(given instanceof Map)) throw new TypeError("no map");
  return given;
}
