import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackedReader } from "../../../src/codec/packed/reader.js";
import { PackedWriter } from "../../../src/codec/packed/writer.js";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";

function written(value: unknown): Uint8Array {
  const writer = new PackedWriter(1);
  writer.value(value);
  return writer.take();
}

function read(bytes: Uint8Array): unknown {
  const reader = new PackedReader(bytes);
  const value = reader.value();
  reader.end();
  return value;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** As many of them as fast-check thinks of: borders of numbers, text of every plane, dates before and after the year 2106. */
const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, undefined, true, false),
    // -0 is tagged before it comes here.
    fc.double().filter((value) => !Object.is(value, -0)),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.constantFrom(
      ...[7, 8, 15, 16, 31, 32].flatMap((bits) => [2 ** bits, 2 ** bits - 1, -(2 ** bits), -(2 ** bits) - 1]),
    ),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme-ascii", maxLength: 70 }),
    fc.date({ noInvalidDate: true }),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(2 ** 33 * 1000) }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ unit: "binary" }).filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 20 },
    ),
  ),
})).value;

describe("plain data", () => {
  it("is written as msgpackr writes it, byte for byte", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(hex(written(value))).toBe(hex(msgpack.encode(value)));
      }),
      { numRuns: 1000 },
    );
  });

  it("is read as msgpackr reads it", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = msgpack.encode(value);
        expect(plainBytes(read(bytes))).toEqual(plainBytes(msgpack.decode(bytes)));
      }),
      { numRuns: 1000 },
    );
  });
});

/** With every Buffer as what it is besides. */
function plainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plainBytes);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainBytes(item)]));
}

it.each<[string, { given: unknown }]>([
  ["text of 31 bytes", { given: `${"é".repeat(15)}a` }],
  ["text of 32 bytes in 16 characters", { given: "é".repeat(16) }],
  ["text of 255 bytes", { given: "a".repeat(255) }],
  ["text of 256 bytes in 128 characters", { given: "é".repeat(128) }],
  ["text of 65,535 bytes", { given: "a".repeat(65_535) }],
  ["text of 65,536 bytes in 32,768 characters", { given: "é".repeat(32_768) }],
  ["a list of 65,536", { given: Array.from({ length: 65_536 }, () => 1) }],
  ["a list with a hole", { given: new Array(1) }],
  [
    "an object of 16",
    { given: Object.fromEntries(Array.from({ length: 16 }, (_, key) => [`k${key}`, key])) },
  ],
  [
    "an object of 65,536",
    { given: Object.fromEntries(Array.from({ length: 65_536 }, (_, key) => [`k${key}`, 0])) },
  ],
  ["bytes, 65,536 of them", { given: Buffer.alloc(65_536, 1) }],
  ["an object with a method called toJSON", { given: { toJSON: "data" } }],
  ["the last millisecond of 1969", { given: new Date(-1) }],
  ["a second before 1970", { given: new Date(-1000) }],
  ["the last date there is", { given: new Date(8.64e15) }],
  ["the first date there is", { given: new Date(-8.64e15) }],
])("%s has msgpackr's bytes", (_name, { given }) => {
  const bytes = msgpack.encode(given);
  expect(Buffer.compare(written(given), bytes)).toBe(0);
  expect(plainBytes(read(bytes))).toEqual(plainBytes(msgpack.decode(bytes)));
});

it.each<[string, { given: string; want: unknown }]>([
  ["an integer of 64 bits", { given: "cf0020000000000000", want: 2n ** 53n }],
  ["a small one in 64 bits", { given: "cf0000000000000001", want: 1n }],
  ["a negative one", { given: "d3ffffffffffffffff", want: -1n }],
  ["a float of 32 bits", { given: "ca3fc00000", want: 1.5 }],
  ["a long string", { given: "db0000000161", want: "a" }],
  ["half a character", { given: "a3eda080", want: "\ufffd\ufffd\ufffd" }],
  ["keys that are numbers", { given: "8201c3cd0100c2", want: { 1: true, 256: false } }],
  ["msgpackr's typed array of bytes", { given: "c7037401aabb", want: Uint8Array.of(0xaa, 0xbb) }],
  ["an instant of 34 bits", { given: "d7ff0000000300000000", want: new Date(3 * 2 ** 32 * 1000) }],
  ["nanoseconds", { given: "d7ff00f4240000000000", want: new Date(4) }],
])("%s of another encoder's is read", (_name, { given, want }) => {
  expect(read(Buffer.from(given, "hex"))).toEqual(want);
});

it.each<[string, { given: string }]>([
  ["nothing", { given: "" }],
  ["the byte that is never used", { given: "c1" }],
  ["a list cut short", { given: "9201" }],
  ["an object without its last value", { given: "81a161" }],
  ["an extension cut short", { given: "c70401aa" }],
  ["a key called __proto__", { given: "81a95f5f70726f746f5f5fc3" }],
  ["a key that is a list", { given: "8190c3" }],
  ["a key that is undefined", { given: "81d40000c3" }],
  ["a record of msgpackr's", { given: "d4724092a161a1620102" }],
  ["an encrypted value", { given: "c70153aa" }],
  ["an array of floats", { given: "c7057408aabbccdd" }],
  ["a date of another size", { given: "d4ffff" }],
  ["lists without end", { given: "91".repeat(100_000) }],
])("%s is unreadable", (_name, { given }) => {
  expect(() => read(Buffer.from(given, "hex"))).toThrow(UnreadableValue);
});

it("what MessagePack has no form for is refused", () => {
  expect(() => written(() => 1)).toThrow(TypeError);
});

it("any bytes at all are read or unreadable, and nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableValue);
      }
    }),
    { numRuns: 5000 },
  );
});
