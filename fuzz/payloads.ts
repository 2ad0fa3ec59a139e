import { Packr, Unpackr } from "msgpackr";
import { mutated } from "./mutations.js";
import type { Random } from "./random.js";

const options = { useRecords: false, moreTypes: true, int64AsType: "bigint", useToJSON: false } as const;
const packr = new Packr({ ...options, variableMapSize: true });
const unpackr = new Unpackr(options);

/** Values that do not belong where they are put. */
const hostile: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 2 ** 53,
  () => 1e308,
  () => Number.NaN,
  () => 2n ** 62n,
  () => "",
  () => "9".repeat(9_999),
  () => "\r\nSet-Cookie: a=b\u001b[31m\u009b\u2028",
  () => "\ud800",
  () => "x".repeat(20_000),
  () => [],
  () => ({}),
  () => JSON.parse('{ "__proto__": { "polluted": true } }'),
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => ({ toString: 1, valueOf: 1, toJSON: 1, length: 2 ** 32 }),
  () => ({ $date: "x" }),
  () => ({ $date: 1e300 }),
  () => ({ $bigint: "9".repeat(10_000) }),
  () => ({ $number: "-0" }),
  () => ({ $bytes: "====" }),
  () => ({ $map: [[{ $set: [1] }, { $undefined: true }]] }),
  () => ({ $set: [[], {}, { $object: { $date: 1 } }] }),
  () => ({ $object: null }),
  () => ({ $nobody: 1 }),
  () => ({ $slots: { 0: "kw==", 999999: "wA==", 3: "3f////8=" } }),
  () => ({ $ends: { 0: 1, 1: 2 ** 52 }, $binding: { a: "b" }, $more: { ends: "wA==", later: "kwECAw==" } }),
  () => ({ $ends: { "-1": 1 }, $more: { __proto__: "wA==" } }),
  () => ({ $slots: { __proto__: "wA==", "-1": "wA==" } }),
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => Uint8Array.of(0xff, 0xfe),
  () => new Uint8Array(8_192).fill(0xff),
  () => Array.from({ length: 2_000 }, (_, index) => index),
  (random) => nested(random.pick([3, 500, 512, 513, 600])),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/**
 * A payload that nobody wrote: a valid one changed in its bytes or its values, or one made to do
 * harm.
 */
export function hostilePayload(random: Random, valid: readonly Uint8Array[]): Uint8Array {
  const seed = random.pick(valid);
  const kind = random.below(100);
  if (kind < 45) return mutated(random, seed, random.pick(valid));
  if (kind < 85) return mistyped(random, seed);
  if (kind < 92) return Buffer.concat([seed.subarray(0, 1), random.bytes(random.below(80))]);
  return bomb(random, seed);
}

/** The same payload with other values in one or more places. */
function mistyped(random: Random, seed: Uint8Array): Uint8Array {
  const json = seed[0] === 0x7b;
  let document: unknown = json ? JSON.parse(Buffer.from(seed).toString()) : unpackr.unpack(Buffer.from(seed));
  for (let left = 1 + random.below(3); left > 0; left -= 1) document = replaced(random, document);
  return json ? Buffer.from(JSON.stringify(document, jsonable) ?? "") : Uint8Array.from(packr.pack(document));
}

/** Replaces, adds or removes one value somewhere. */
function replaced(random: Random, value: unknown): unknown {
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof Date ||
    ArrayBuffer.isView(value) ||
    random.oneIn(6)
  ) {
    return random.pick(hostile)(random);
  }
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1);
    return at === value.length
      ? [...value, random.pick(hostile)(random)]
      : value.map((item, index) => (index === at ? replaced(random, item) : item));
  }
  const keys = Object.keys(value);
  const object = { ...value } as Record<string, unknown>;
  const key = random.oneIn(4) || keys.length === 0 ? random.pick(names) : random.pick(keys);
  if (random.oneIn(10)) Reflect.deleteProperty(object, key);
  else {
    const item = replaced(random, Object.hasOwn(object, key) ? object[key] : null);
    Object.defineProperty(object, key, { value: item, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** Keys that mean something to JavaScript, to the format, or to the schemas. */
const names = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "$createdAt",
  "_permanent",
  "$slots",
  "$ends",
  "$binding",
  "$more",
  "$id",
  "user",
  "anything",
  "cart",
  "visits",
  "",
];

function jsonable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: value.toString() };
  return ArrayBuffer.isView(value) ? { $bytes: "AA==" } : value;
}

/** Small in the store, large or endless when it is read. */
function bomb(random: Random, seed: Uint8Array): Uint8Array {
  // Rarely the very large ones: they cost more than all others together.
  const size = random.pick(random.oneIn(20) ? [20_000, 60_000] : [64, 512, 700, 2_000]);
  const text = (before: string, part: string, after: string) =>
    Buffer.from(before + part.repeat(size) + after);
  switch (random.below(9)) {
    case 0:
      return text('{"x":', "[", `${"]".repeat(size)}}`);
    case 1:
      return text('{"anything":', '{"a":', `1${"}".repeat(size)}}`);
    case 2:
      return text('{"log":', '{"$set":[', `${"]}".repeat(size)}}`);
    case 3:
      return Buffer.concat([Buffer.from("81a178", "hex"), Buffer.alloc(size, 0x91), Buffer.of(0xc0)]);
    case 4:
      return Buffer.concat([
        // A session with one value.
        Buffer.from("92c4056000000000", "hex"),
        Buffer.alloc(size, random.pick([0x91, 0x81])),
        Buffer.of(0xc0),
      ]);
    case 5:
      // Arrays that each promise as many elements as there are bytes.
      return Buffer.concat([Buffer.from("81a178", "hex"), Buffer.from("dc0400".repeat(size / 4), "hex")]);
    case 6:
      // A head that promises more slots than there are.
      return Buffer.concat([
        Buffer.from("dcffffc520056000000000", "hex"),
        Buffer.alloc(8_192, 0xff),
        Buffer.alloc(size, 0xc0),
      ]);
    case 7:
      return Buffer.concat([
        Buffer.from("81a178dc0100", "hex"),
        Buffer.from("d66200000700c0".repeat(256), "hex"),
        Buffer.alloc(size, 0xa0),
      ]);
    default:
      return Buffer.concat([
        seed.subarray(0, random.below(seed.length)),
        Buffer.alloc(size, random.below(256)),
      ]);
  }
}
