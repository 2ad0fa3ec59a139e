import fc from "fast-check";
import { expect, it } from "vitest";
import type { Codec } from "../../../src/codec/codec.js";
import { PackedReader } from "../../../src/codec/packed/reader.js";
import {
  booleanCodec,
  dateCodec,
  enumCodec,
  listCodec,
  literalCodec,
  numberCodec,
  stringCodec,
} from "../../../src/codec/ready.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";

const objectCodec: Pick<Codec<unknown>, "read"> = {
  read(reader) {
    const slots = reader.object(0b11, 0b1);
    const value: { a: number; b?: boolean } = { a: reader.number() };
    if (slots & 0b10) value.b = reader.boolean();
    return reader.close(value);
  },
};

const codecs: Readonly<Record<string, Pick<Codec<unknown>, "read">>> = {
  boolean: booleanCodec,
  number: numberCodec,
  string: stringCodec,
  date: dateCodec,
  enum: enumCodec(["a", "b", "c"]),
  literal: literalCodec(["a", "b", 1]),
  list: listCodec(numberCodec),
  object: objectCodec,
  "list of objects": listCodec(objectCodec as Codec<unknown>),
};

/** Most bytes that a value begins with, and few others. */
const bytes = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(0, 1, 2, 3, 0x61, 0x90, 0x91, 0x92, 0x93, 0xa1, 0xa2, 0xc2, 0xc3),
      },
      { weight: 1, arbitrary: fc.constantFrom(0x81, 0xc4, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd6, 0xff) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
    { maxLength: 24 },
  )
  .map((list) => Uint8Array.from(list));

function outcome(codec: Pick<Codec<unknown>, "read">, reader: PackedReader): unknown {
  try {
    const value = codec.read(reader);
    reader.end();
    return { value };
  } catch (error) {
    if (error instanceof UnreadableValue) return "unreadable";
    throw error;
  }
}

it("a value between others is read as it is alone, or refused as it is alone", () => {
  fc.assert(
    fc.property(
      bytes,
      fc.nat(24),
      fc.nat(24),
      fc.constantFrom(...Object.keys(codecs)),
      (all, one, other, name) => {
        const codec = codecs[name] ?? booleanCodec;
        const [start = 0, end = 0] = [one, other].map((at) => Math.min(at, all.length)).sort((a, b) => a - b);
        const within = new PackedReader(all);
        within.begin(start, end);
        const alone = new PackedReader(all.slice(start, end));
        expect(outcome(codec, within)).toStrictEqual(outcome(codec, alone));
      },
    ),
    { numRuns: 5000 },
  );
});

it.each<[string, { given: { literals: readonly unknown[]; stored: readonly number[] }; want: unknown }]>([
  [
    "a text",
    { given: { literals: ["Bearer", "MAC"], stored: [0xa3, 0x4d, 0x41, 0x43] }, want: { value: "MAC" } },
  ],
  [
    "a text that another one begins with",
    { given: { literals: ["ab", "a"], stored: [0xa1, 0x61] }, want: { value: "a" } },
  ],
  ["none", { given: { literals: [""], stored: [0xa0] }, want: { value: "" } }],
  ["beyond ASCII", { given: { literals: ["é"], stored: [0xa2, 0xc3, 0xa9] }, want: { value: "é" } }],
  ["beyond ASCII, and no UTF-8", { given: { literals: ["é"], stored: [0xa1, 0xe9] }, want: "unreadable" }],
  [
    "longer than what has its length in its first byte",
    {
      given: { literals: ["x".repeat(32)], stored: [0xd9, 32, ...Array.from({ length: 32 }, () => 0x78)] },
      want: { value: "x".repeat(32) },
    },
  ],
  [
    "a short text, as others write it",
    { given: { literals: ["a"], stored: [0xd9, 1, 0x61] }, want: { value: "a" } },
  ],
  ["a text that it is not", { given: { literals: ["a"], stored: [0xa1, 0x62] }, want: "unreadable" }],
  ["a text cut short", { given: { literals: ["ab"], stored: [0xa2, 0x61] }, want: "unreadable" }],
  ["a number", { given: { literals: ["a", 5], stored: [5] }, want: { value: 5 } }],
])("a literal: %s", (_name, { given: { literals, stored }, want }) => {
  expect(outcome(literalCodec(literals), new PackedReader(Uint8Array.from(stored)))).toStrictEqual(want);
});
