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

/** Text of all kinds that are stored in a way of their own. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }).filter((text) => !text.includes("\ufffd")),
  fc.string({ unit: "grapheme-ascii", maxLength: 70 }),
  fc.uuid(),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
  fc
    .array(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
      { minLength: 2, maxLength: 7 },
    )
    .map((parts) => parts.join(".")),
  fc.stringMatching(/^[\w-]{30,80}$/),
  fc.stringMatching(/^[\w.-]{30,80}$/),
);

/** A number as another decoder sees it. */
function numberIn(bytes: Uint8Array): number {
  const value = msgpack.decode(bytes);
  if (!Array.isArray(value)) return Number(value);
  const [scale, integer] = value.map(Number) as [number, number];
  return integer / 10 ** scale;
}

/** Text as another decoder sees it. */
function textIn(bytes: Uint8Array): string {
  const value = msgpack.decode(bytes);
  const parts = Array.isArray(value) ? value : [value];
  if (parts.some((part) => typeof part === "string")) return String(value);
  if (parts[0].length !== 16 || parts.length > 1)
    return parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
  return Buffer.from(parts[0])
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

describe("what the writer writes, any MessagePack decoder reads", () => {
  const integers = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
  it.each([...integers, ...integers.map((value) => -value - 1).filter(Number.isSafeInteger)])(
    "%d",
    (value) => {
      expect(numberIn(bytesOf((writer) => writer.number(value)))).toBe(value);
    },
  );

  it("numbers", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(numberIn(bytesOf((writer) => writer.number(value)))).toBe(value);
      }),
    );
  });

  it("strings", { tags: "slow" }, () => {
    fc.assert(
      fc.property(texts, (value) => {
        expect(textIn(bytesOf((writer) => writer.string(value)))).toBe(value);
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
    ["a UUID", { given: (w) => w.string(uuid), want: (r) => r.string(), is: uuid }],
    [
      "a UUID in upper case",
      { given: (w) => w.string(uuid.toUpperCase()), want: (r) => r.string(), is: uuid.toUpperCase() },
    ],
    ["a date", { given: (w) => w.date(new Date(-1)), want: (r) => r.date(), is: new Date(-1) }],
    [
      "a list header",
      {
        given: (w) => {
          w.list(1);
          w.nil();
        },
        want: (r) => r.list(),
        is: 1,
      },
    ],
  ])("%s", (_name, { given, want, is }) => {
    expect(want(new PackedReader(bytesOf(given)))).toEqual(is);
  });

  it("text, whatever it is, half characters included", { tags: "slow" }, () => {
    const any = fc.oneof(
      texts,
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      fc.string({
        unit: fc.constantFrom("\ufffd", "\ud800", "\udc00", "d", "f", "8", "0", "fffd", "d800", "a"),
      }),
    );
    fc.assert(
      fc.property(any, (value) => {
        for (const method of ["string", "text"] as const) {
          const bytes = bytesOf((writer) => writer[method](value));
          const reader = new PackedReader(bytes);
          expect(reader[method]()).toBe(value);
          reader.end();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("numbers, dates and bigints of every size", { tags: "slow" }, () => {
    const round = (write: (writer: PackedWriter) => void, read: (reader: PackedReader) => unknown) => {
      const reader = new PackedReader(bytesOf(write));
      const value = read(reader);
      reader.end();
      return value;
    };
    const number = fc.oneof(
      fc.double(),
      fc.maxSafeInteger(),
      fc.integer().map((cents) => cents / 100),
      fc.tuple(fc.integer(), fc.nat({ max: 8 })).map(([digits, scale]) => digits / 10 ** scale),
    );
    fc.assert(
      fc.property(
        number,
        fc.oneof(
          fc.date({ noInvalidDate: true }),
          fc.integer().map((s) => new Date(s * 1000)),
        ),
        fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
        (value, date, big) => {
          expect(
            round(
              (writer) => writer.number(value),
              (reader) => reader.number(),
            ),
          ).toBe(value);
          expect(
            round(
              (writer) => writer.date(date),
              (reader) => reader.date(),
            ),
          ).toEqual(date);
          expect(
            round(
              (writer) => writer.bigint(big),
              (reader) => reader.bigint(),
            ),
          ).toBe(big);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a letter whose lower byte is a digit", { given: `${"a".repeat(31)}š` }],
    ["nothing else", { given: "š".repeat(32) }],
    ["such a part of a token", { given: `${"a".repeat(40)}.${"ı".repeat(32)}` }],
    ["the other alphabet", { given: `${"a".repeat(30)}+/` }],
    ["what decoders pass over", { given: `${"a".repeat(30)} \n` }],
    ["bits that are left over", { given: `${"a".repeat(32)}b1` }],
  ])("text that looks like base64url comes back as it was: %s", (_name, { given }) => {
    expect(new PackedReader(bytesOf((writer) => writer.string(given))).string()).toBe(given);
  });

  it.each<[string, { given: (writer: PackedWriter) => void; want: number }]>([
    ["a UUID", { given: (w) => w.string(uuid), want: 18 }],
    ["32 random bytes as base64url", { given: (w) => w.string("A".repeat(43)), want: 34 }],
    ["a price", { given: (w) => w.number(19.99), want: 5 }],
    ["a price of one digit", { given: (w) => w.number(24.9), want: 4 }],
    ["a whole second", { given: (w) => w.date(new Date(1_700_000_000_000)), want: 6 }],
    ["a millisecond", { given: (w) => w.date(new Date(1_700_000_000_001)), want: 9 }],
    ["a small bigint", { given: (w) => w.bigint(1n), want: 1 }],
  ])("%s takes so many bytes", (_name, { given, want }) => {
    expect(bytesOf(given)).toHaveLength(want);
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
    "date",
    "list",
    "map",
    "variant",
    "text",
    "value",
  ] as const;

  it("makes no operation throw anything but UnreadableValue", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...operations, "skip", "unknown"),
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
