import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackedReader } from "../../../src/codec/packed/reader.js";
import { PackedWriter } from "../../../src/codec/packed/writer.js";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";

/** Writes one value and gives back its bytes. */
function bytesOf(write: (writer: PackedWriter) => void): Uint8Array {
  const writer = new PackedWriter(1);
  write(writer);
  return writer.take();
}

const uuid = "0190163d-8694-739b-aea5-966c26f8ad91";

it("what was taken from a writer stays as it is, whatever is written later", () => {
  const texts = fc.array(fc.string({ maxLength: 100 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.array(texts), (capacity, batches) => {
      const shared = new PackedWriter(capacity);
      const writeAll = (writer: PackedWriter, batch: readonly string[]): void => {
        for (const text of batch) writer.string(text);
      };
      const taken = batches.map((batch) => {
        writeAll(shared, batch);
        return shared.take();
      });
      expect(taken).toEqual(batches.map((batch) => bytesOf((writer) => writeAll(writer, batch))));
    }),
  );
});

describe("what the writer writes, any MessagePack decoder reads", () => {
  const integers = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
  it.each([...integers, ...integers.map((value) => -value - 1).filter(Number.isSafeInteger)])(
    "%d",
    (value) => {
      expect(Number(msgpack.decode(bytesOf((writer) => writer.number(value))))).toBe(value);
    },
  );

  it("numbers", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Number(msgpack.decode(bytesOf((writer) => writer.number(value))))).toBe(value);
      }),
    );
  });

  it("strings", { tags: "slow" }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (value) => {
        expect(msgpack.decode(bytesOf((writer) => writer.string(value)))).toBe(value);
      }),
    );
  });

  it("bytes", { tags: "slow" }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: "max" }), (value) => {
        expect(
          new Uint8Array(msgpack.decode(bytesOf((writer) => writer.bytes(value))) as Uint8Array),
        ).toEqual(value);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what the writer writes, the reader reads", () => {
  it.each<
    [string, { given: (writer: PackedWriter) => void; want: (reader: PackedReader) => unknown; is: unknown }]
  >([
    ["null", { given: (w) => w.nil(), want: (r) => r.nil(), is: null }],
    ["undefined", { given: (w) => w.undefined(), want: (r) => r.undefined(), is: undefined }],
    ["true", { given: (w) => w.boolean(true), want: (r) => r.boolean(), is: true }],
    ["-0", { given: (w) => w.number(-0), want: (r) => r.number(), is: -0 }],
    ["NaN", { given: (w) => w.number(Number.NaN), want: (r) => r.number(), is: Number.NaN }],
    ["a huge bigint", { given: (w) => w.bigint(-(10n ** 40n)), want: (r) => r.bigint(), is: -(10n ** 40n) }],
    ["2^64-1", { given: (w) => w.bigint(2n ** 64n - 1n), want: (r) => r.bigint(), is: 2n ** 64n - 1n }],
    ["a UUID", { given: (w) => w.uuid(uuid), want: (r) => r.uuid(), is: uuid }],
    [
      "a UUID in upper case",
      { given: (w) => w.uuid(uuid.toUpperCase()), want: (r) => r.uuid(), is: uuid.toUpperCase() },
    ],
    ["a date", { given: (w) => w.date(new Date(-1)), want: (r) => r.date(), is: new Date(-1) }],
    ["slots", { given: (w) => w.bitmap([0, 5, 31]), want: (r) => r.bitmap(), is: [0, 5, 31] }],
    ["many slots", { given: (w) => w.bitmap([3, 32, 999]), want: (r) => r.bitmap(), is: [3, 32, 999] }],
    ["no slots", { given: (w) => w.bitmap([]), want: (r) => r.bitmap(), is: [] }],
    [
      "a list header",
      {
        given: (w) => {
          w.arrayHeader(1);
          w.nil();
        },
        want: (r) => r.arrayHeader(),
        is: 1,
      },
    ],
  ])("%s", (_name, { given, want, is }) => {
    expect(want(new PackedReader(bytesOf(given)))).toEqual(is);
  });

  it("packs a UUID into 18 bytes", () => {
    expect(bytesOf((writer) => writer.uuid(uuid))).toHaveLength(18);
  });
});

describe("a hostile payload", () => {
  const operations = [
    "boolean",
    "number",
    "int",
    "bigint",
    "string",
    "bytes",
    "uuid",
    "date",
    "arrayHeader",
  ] as const;

  it("makes no operation throw anything but UnreadableValue", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...operations, "skip", "unknown", "bitmap"),
        (bytes, operation) => {
          try {
            new PackedReader(bytes)[operation]();
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableValue);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each<[string, { given: number[] }]>([
    ["a list of four billion elements", { given: [0xdd, 0xff, 0xff, 0xff, 0xff] }],
    ["a map of four billion pairs", { given: [0xdf, 0xff, 0xff, 0xff, 0xff] }],
    ["a string of four billion bytes", { given: [0xdb, 0xff, 0xff, 0xff, 0xff] }],
    ["the byte that MessagePack never uses", { given: [0xc1] }],
    ["nothing", { given: [] }],
  ])("%s is refused", (_name, { given }) => {
    expect(() => new PackedReader(Uint8Array.from(given)).skip()).toThrow(UnreadableValue);
  });

  it("is skipped without recursion", () => {
    const deep = new Uint8Array(100_001).fill(0x91);
    deep[100_000] = 0xc0;
    const reader = new PackedReader(deep);
    reader.skip();
    expect(() => reader.end()).not.toThrow();
  });
});
