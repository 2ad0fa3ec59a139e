import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackedReader } from "../../../src/codec/packed/reader.js";
import { PackedWriter } from "../../../src/codec/packed/writer.js";
import { PlainCodec } from "../../../src/codec/plain/codec.js";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";

/** Each format, as it is stored and read back. */
const formats: [string, { given: PlainCodec; through: (value: unknown) => unknown }][] = [
  ["json", { given: new PlainCodec("json"), through: (value) => JSON.parse(JSON.stringify(value)) }],
  [
    "msgpack",
    { given: new PlainCodec("msgpack"), through: (value) => msgpack.decode(msgpack.encode(value)) },
  ],
];

/** Whatever `z.unknown()` may hold. */
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string(),
    fc.constantFrom("\ud800", "a\udc00b", "\ufffdd800", "\ufffd"),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("anything"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        fc.string({ maxLength: 5 }),
        fc.constantFrom("$date", "$undefined", "$object", "$slots", "\ud800", "\ud801"),
      ),
      tie("anything"),
      {
        maxKeys: 2,
        noNullPrototype: true,
      },
    ),
    fc.array(tie("anything"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(fc.string(), tie("anything")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  ),
}));
const storable = anything.filter(
  (value) =>
    !JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? 0 : item))?.includes("__proto__"),
);

/** Buffers and byte arrays with the same bytes are the same. */
const bytesAsLists = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? [...value]
    : Array.isArray(value)
      ? value.map(bytesAsLists)
      : value instanceof Set
        ? new Set([...value].map(bytesAsLists))
        : value instanceof Map
          ? new Map([...value].map(([key, item]) => [key, bytesAsLists(item)]))
          : typeof value === "object" && value !== null && !(value instanceof Date)
            ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bytesAsLists(item)]))
            : value;

describe.each(formats)("%s", (_name, { given: plain, through }) => {
  it("gives back values of unknown type", () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(bytesAsLists(plain.readUnknown(through(plain.unknown(value))))).toEqual(bytesAsLists(value));
      }),
    );
  });

  it.each<[string, { write: unknown; read: (value: unknown) => unknown; is: unknown }]>([
    ["-0", { write: plain.number(-0), read: (value) => plain.readNumber(value), is: -0 }],
    ["NaN", { write: plain.number(Number.NaN), read: (value) => plain.readNumber(value), is: Number.NaN }],
    [
      "a large number",
      { write: plain.number(2 ** 52), read: (value) => plain.readNumber(value), is: 2 ** 52 },
    ],
    ["a bigint", { write: plain.bigint(-5n), read: (value) => plain.readBigint(value), is: -5n }],
    [
      "a huge bigint",
      { write: plain.bigint(10n ** 30n), read: (value) => plain.readBigint(value), is: 10n ** 30n },
    ],
    ["a date", { write: plain.date(new Date(1)), read: (value) => plain.readDate(value), is: new Date(1) }],
    [
      "bytes",
      {
        write: plain.bytes(Uint8Array.of(1, 255)),
        read: (value) => plain.readBytes(value),
        is: Uint8Array.of(1, 255),
      },
    ],
    [
      "keys of half a character, which would be one key as UTF-8",
      { write: { "\ud800": 1, "\udc00": 2 }, read: (value) => value, is: { "\ud800": 1, "\udc00": 2 } },
    ],
    ["undefined", { write: plain.undefined(), read: (value) => plain.isUndefined(value), is: true }],
    [
      "an object that only looks so",
      { write: { $undefined: "x", b: 1 }, read: (value) => plain.isUndefined(value), is: false },
    ],
  ])("gives back %s", (_value, { write, read, is }) => {
    expect(read(through(write))).toEqual(is);
  });

  it("gives back members that have a meaning elsewhere", () => {
    const value = { toJSON: 1, constructor: 0 };
    expect(plain.readUnknown(through(plain.unknown(value)))).toEqual(value);
  });

  it("throws nothing but UnreadableValue on foreign data", () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    for (const value of [
      deep,
      { $number: { valueOf: 1, toString: 1 } },
      { $date: "x" },
      { $map: [1] },
      { $nobody: 1 },
    ]) {
      expect(() => plain.readUnknown(value)).toThrow(UnreadableValue);
    }
  });
});

it("packed gives back values of unknown type", () => {
  fc.assert(
    fc.property(storable, (value) => {
      const writer = new PackedWriter();
      writer.unknown(value);
      expect(bytesAsLists(new PackedReader(writer.take()).unknown())).toEqual(bytesAsLists(value));
    }),
  );
});

it("bytes are MessagePack's own, which every decoder reads", () => {
  const plain = new PlainCodec("msgpack");
  expect(Buffer.from(msgpack.encode({ a: plain.bytes(Uint8Array.of(1, 2)) })).toString("hex")).toBe(
    "81a161c4020102",
  );
  expect(Buffer.from(msgpack.encode(plain.unknown({ a: Uint8Array.of(1, 2) }))).toString("hex")).toBe(
    "81a161c4020102",
  );
});
