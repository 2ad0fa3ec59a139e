import fc from "fast-check";
import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import { roundCreatedAt } from "../../../src/codec/record/record.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";
import {
  type CustomSerializer,
  decodeRecord,
  encodeRecord,
  type Serializer,
  type SessionRecord,
} from "../../../src/index.js";
import { fields, start } from "../../session/support/fixture.js";
import { whole } from "../whole.js";

/** A head that announces extras. */
const head = Buffer.of(0x70, 8, 0, 0, 0, 0);

const reversed: CustomSerializer = {
  encode: (value) => Buffer.from(JSON.stringify(value)).reverse(),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).reverse().toString()),
};
const formats: readonly [string, { given: Serializer }][] = [
  ["packed", { given: "packed" }],
  ["msgpack", { given: msgpack }],
  ["json", { given: "json" }],
  ["a custom one", { given: reversed }],
];

const name = fc
  .string({ maxLength: 8 })
  .filter((text) => text !== "__proto__" && !/[\ud800-\udfff]/.test(text));
const text = fc.string({ maxLength: 8, unit: "grapheme" });
const packed = fc
  .oneof(fc.integer(), fc.string(), fc.array(fc.integer()))
  .map((value) => Uint8Array.from(pack(value)));
const later = name.filter((one) => one !== "ends" && one !== "binding");
const records: fc.Arbitrary<SessionRecord> = fc.record({
  createdAt: fc.integer({ min: -1, max: start }).map(roundCreatedAt),
  permanent: fc.boolean(),
  // Slots that the schema does not know: nobody reads them, everybody carries them on.
  fields: fc.dictionary(fc.integer({ min: 40, max: 200 }).map(String), packed, { maxKeys: 3 }).map(slots),
  unknown: fc.dictionary(fc.constantFrom("legacy", "csrf_token"), fc.integer(), {
    minKeys: 1,
    noNullPrototype: true,
  }),
  ends: fc
    .dictionary(fc.integer({ min: 0, max: 200 }).map(String), fc.nat({ max: 2 ** 50 }), {
      minKeys: 1,
      maxKeys: 3,
    })
    .map(slots),
  binding: fc.dictionary(name, text, { maxKeys: 2, noNullPrototype: true }),
  marks: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 4 }),
  epoch: fc.nat({ max: 2 ** 32 - 1 }),
  more: fc
    .dictionary(later, packed, { minKeys: 1, maxKeys: 3 })
    .map((entries) => new Map(Object.entries(entries))),
});

function slots<T>(entries: Readonly<Record<string, T>>): Map<number, T> {
  return new Map(Object.entries(entries).map(([slot, value]) => [Number(slot), value]));
}

describe.each(formats)("what a session has beside its fields, as %s", (_name, { given: one }) => {
  it.each(formats)("survives being read and written as %s", (_other, { given: other }) => {
    fc.assert(
      fc.property(records, (record) => {
        const options = { now: start, serializer: reversed };
        const read = decodeRecord(encodeRecord(record, fields, one), fields, options);
        expect(whole(read)).toEqual(record);
        const again = decodeRecord(encodeRecord(read, fields, other), fields, options);
        expect(whole(again)).toEqual(record);
        // Byte for byte: whoever carries it on changes nothing.
        expect(encodeRecord(again, fields, one)).toEqual(encodeRecord(record, fields, one));
      }),
    );
  });
});

describe("a session without any of it", () => {
  it.each(formats)("is stored as before: %s", (_name, { given }) => {
    const record = { createdAt: 1000, permanent: false, fields: new Map<number, Uint8Array>() };
    const empty = { ...record, ends: new Map(), more: new Map(), marks: [] };
    expect(encodeRecord(empty, fields, given)).toEqual(encodeRecord(record, fields, given));
  });

  it("packed, in one element", () => {
    const record = { createdAt: 1000, permanent: false, fields: new Map<number, Uint8Array>() };
    expect([...encodeRecord(record, fields, "packed")]).toEqual([0x91, 0xc4, 5, 0x60, 0, 0, 0, 1]);
  });
});

describe("what is no envelope", () => {
  const json = (document: object) => Buffer.from(JSON.stringify({ $createdAt: 1, ...document }));
  it.each<[string, { given: Uint8Array }]>([
    ["an announced map that is not there", { given: pack([head]) }],
    ["a list instead of the map", { given: pack([head, []]) }],
    ["an end that is no instant", { given: pack([head, new Map([["ends", new Map([[1, -1]])]])]) }],
    ["an end of no slot", { given: pack([head, new Map([["ends", new Map([[70_000, 1]])]])]) }],
    ["a binding to numbers", { given: pack([head, new Map([["binding", new Map([["a", 1]])]])]) }],
    ["a name that is no key", { given: pack([head, new Map([["__proto__", 1]])]) }],
    ["an end that is text", { given: json({ $ends: { 1: "x" } }) }],
    ["an end of half a slot", { given: json({ $ends: { 1.5: 1 } }) }],
    ["ends that are none", { given: json({ $ends: 1 }) }],
    ["a binding to numbers, as json", { given: json({ $binding: { a: 1 } }) }],
    ["more that is no base64", { given: json({ $more: { a: "?" } }) }],
    ["more that stands in for an end", { given: json({ $more: { ends: "wA==" } }) }],
    ["more that is two values", { given: json({ $more: { a: "AQE=" } }) }],
  ])("%s is unreadable, and nothing worse", (_name, { given }) => {
    expect(() => decodeRecord(given, fields, { now: start })).toThrow(UnreadableValue);
  });
});
