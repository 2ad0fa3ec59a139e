import { deepStrictEqual } from "node:assert/strict";
import {
  decodeRecord,
  encodeRecord,
  type Format,
  PackedReader,
  SessionFieldError,
  type SessionRecord,
  UnreadableValue,
} from "@sessgen/runtime";
import fc from "fast-check";
import { Unpackr } from "msgpackr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildModel, configOf } from "../../model/config.js";
import { broadSchema, broadValues } from "./broad.js";
import { broadSchema3 } from "./broad3.js";
import { type Emitted, emitted } from "./emitted.js";
import { pack, unpack } from "./packed-value.js";
import { serializerOf } from "./serializer-of.js";

const formats: readonly Format[] = ["packed", "msgpack", "json"];
const names = Object.entries(broadValues);
let module: Emitted;

beforeAll(async () => {
  module = await emitted("codec", broadSchema);
});
afterAll(() => module.remove());

const now = 1_700_000_000_000;

function recordOf(fields: ReadonlyMap<number, Uint8Array>, permanent = false): SessionRecord {
  return { createdAt: now, permanent, fields };
}

describe("a value comes back", () => {
  it.each(names)("%s", (name, values) => {
    const field = module.field(name);
    fc.assert(
      fc.property(values, (value) => {
        const bytes = pack(field, value);
        const read = unpack(field, bytes);
        deepStrictEqual(read, value);
        deepStrictEqual(pack(field, read), bytes);
        const record = recordOf(new Map([[field.slot, bytes]]), true);
        for (const format of formats) {
          const encoded = encodeRecord(record, module.fields, serializerOf(format));
          const read = decodeRecord(encoded, module.fields, { now: 0 });
          deepStrictEqual({ ...read, fields: new Map(read.fields) }, record, format);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("a value of a schema of Zod 3 comes back", () => {
  const infinite = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  );
  const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    ...broadValues,
    ratio: infinite,
    either: fc.oneof(infinite, fc.string(), fc.constantFrom(null, "Infinity", "-0")),
    record: fc.dictionary(fc.string({ maxLength: 3 }), infinite, { noNullPrototype: true }),
    list: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    set: fc.uniqueArray(fc.string(), { maxLength: 2 }).map((items) => new Set(items)),
    ip: fc.oneof(fc.ipV4(), fc.constant("::1")),
    finite: fc.integer(),
    count: fc.nat({ max: 99 }),
    big: fc.bigInt({ min: 1n }),
    odd: fc.constantFrom(1n, "x", null),
    text: fc.string({ minLength: 1, maxLength: 20 }),
    rest: fc.tuple(fc.string(), fc.boolean()),
    pair: fc.tuple(fc.string(), fc.date({ noInvalidDate: true })),
    some: fc.record({ a: fc.boolean(), b: fc.boolean() }, { requiredKeys: [], noNullPrototype: true }),
    user: fc.record(
      {
        id: fc.uuid(),
        nick: fc.option(fc.string(), { nil: undefined }),
        note: fc.option(fc.string()),
        score: infinite,
        roles: fc.array(fc.constantFrom("admin", "member")),
      },
      { requiredKeys: ["id", "score", "roles"], noNullPrototype: true },
    ),
    pet: fc.constantFrom(
      { kind: "cat", lives: 9 },
      { kind: "dog", tricks: ["roll"] },
      { kind: "wolf", tricks: [] },
    ),
    tree: fc.constant({ name: "a", children: [{ name: "b", children: [] }] }),
  };
  let module3: Emitted;
  beforeAll(async () => {
    module3 = await emitted("codec-3", broadSchema3);
  });
  afterAll(() => module3.remove());

  it.each(Object.keys(broadSchema3.shape))("%s", (name) => {
    const field = module3.field(name);
    const own = values[name];
    if (own === undefined) throw new Error(`there are no values of ${name}`);
    fc.assert(
      fc.property(own, (value) => {
        const bytes = pack(field, value);
        deepStrictEqual(unpack(field, bytes), value);
        const record = recordOf(new Map([[field.slot, bytes]]));
        for (const format of formats) {
          const encoded = encodeRecord(record, module3.fields, serializerOf(format));
          const read = decodeRecord(encoded, module3.fields, { now: 0 });
          deepStrictEqual({ ...read, fields: new Map(read.fields) }, record, format);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("-0", () => {
  it.each([
    ["ratio", { given: -0 }],
    ["count", { given: -0 }],
    ["matrix", { given: [[-0]] }],
    ["gaps", { given: [-0] }],
    ["record", { given: { a: -0 } }],
    ["map", { given: new Map([["a", -0]]) }],
    ["maybeNull", { given: -0 }],
    ["bigOrNumber", { given: -0 }],
  ])("of %s comes back from every format", (name, { given }) => {
    const field = module.field(name);
    const bytes = pack(field, given);
    for (const format of formats) {
      const encoded = encodeRecord(
        recordOf(new Map([[field.slot, bytes]])),
        module.fields,
        serializerOf(format),
      );
      const read = decodeRecord(encoded, module.fields, { now }).fields.get(field.slot);
      deepStrictEqual(unpack(field, read), given, format);
    }
  });

  it.each([
    ["either", { given: -0 }],
    ["json", { given: { a: [-0] } }],
  ])("of %s, among texts, stays what it is", (name, { given }) => {
    const field = module.field(name);
    const bytes = pack(field, given);
    deepStrictEqual(unpack(field, bytes), given);
    for (const format of ["json", "msgpack"] as const) {
      const record = recordOf(new Map([[field.slot, bytes]]));
      const encoded = encodeRecord(record, module.fields, serializerOf(format));
      const read = decodeRecord(encoded, module.fields, { now }).fields.get(field.slot);
      deepStrictEqual(unpack(field, read), given, format);
    }
  });
});

function uint32(value: number): number[] {
  return [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

describe("packed bytes", () => {
  const unpackr = new Unpackr({ useRecords: false, int64AsType: "bigint" });
  const whole = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: "bigint" });

  it("are read by any decoder of MessagePack", () => {
    for (const [name, values] of names) {
      const field = module.field(name);
      fc.assert(
        fc.property(values, (value) => {
          const record = recordOf(new Map([[field.slot, pack(field, value)]]));
          const read: unknown = whole.unpack(encodeRecord(record, module.fields, "packed"));
          expect(read).toHaveLength(2);
          const [head] = [read].flat();
          expect(head).toBeInstanceOf(Uint8Array);
          expect([...(head as Uint8Array)].slice(0, 5)).toEqual([0x60, ...uint32(now / 1000)]);
        }),
        { numRuns: 20 },
      );
    }
  });

  it("are as the documentation says", () => {
    const value = {
      id: "0190163d-8694-739b-aea5-966c26f8ad91",
      name: "Ada",
      nick: undefined,
      born: new Date(5),
      theme: "dark",
      score: 1.5,
      roles: ["member", "admin"],
      address: { street: "S", zip: "Z" },
      class: true,
      reader: "",
      slots: "",
      value: "",
      rest: "",
    };
    const read: unknown = unpackr.unpack(pack(module.field("user"), value));
    const slots = [0, 1, 2, 3, 6, 7, 8, 9, 11, 12, 13, 14, 15].reduce((bits, slot) => bits + 2 ** slot, 0);
    expect(read).toEqual({
      [slots]: [
        new Uint8Array(Buffer.from("0190163d8694739baea5966c26f8ad91", "hex")),
        "Ada",
        undefined,
        5,
        "dark",
        [1, 15],
        [1, 0],
        ["S", "Z"],
        true,
        "",
        "",
        "",
        "",
      ],
    });
    expect(unpackr.unpack(pack(module.field("level"), 2))).toBe(1);
    expect(unpackr.unpack(pack(module.field("textOrDate"), "x"))).toEqual([1, "x"]);
    expect(
      unpackr.unpack(pack(module.field("petMap"), new Map([["a", { kind: "wolf", tricks: [] }]]))),
    ).toEqual({
      a: [1, [1, []]],
    });
    expect(unpackr.unpack(pack(module.field("loose"), { b: 1, c: "d" }))).toEqual({ 2: [1, { c: "d" }] });
  });
});

describe("a value that nests deeply", () => {
  const nest = (depth: number, around: (inner: unknown) => unknown, innermost: unknown): unknown => {
    let value = innermost;
    for (let level = 1; level < depth; level += 1) value = around(value);
    return value;
  };
  const nested: readonly (readonly [string, (depth: number) => unknown])[] = [
    ["nested", (depth) => nest(depth, (inner) => [inner], [])],
    [
      "tree",
      (depth) => nest(depth, (inner) => ({ name: "", children: [inner] }), { name: "", children: [] }),
    ],
    [
      "person",
      (depth) => nest(depth / 2, (owner) => ({ pets: [{ name: "", owner }] }), { pets: [{ name: "" }] }),
    ],
  ];

  it.each(nested)("is refused where it could not be read again: %s", (name, make) => {
    const field = module.field(name);
    deepStrictEqual(unpack(field, pack(field, make(512))), make(512));
    expect(() => pack(field, make(514))).toThrow(SessionFieldError);
    expect(() => pack(field, make(5000))).toThrow(SessionFieldError);
  });
});

/** A session with every field, always the same one. */
function whole(seed: number): SessionRecord {
  const fields = new Map(
    names.map(([name, values]) => {
      const field = module.field(name);
      const [value] = fc.sample(values, { seed, numRuns: 1 });
      return [field.slot, pack(field, value)] as const;
    }),
  );
  return recordOf(fields);
}

/** Reads a payload and every field of it; whatever happens, only one kind of error may. */
function readAll(bytes: Uint8Array): "read" | "unreadable" {
  let record: SessionRecord;
  try {
    record = decodeRecord(bytes, module.fields, { now });
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableValue);
    return "unreadable";
  }
  let outcome: "read" | "unreadable" = "read";
  for (const field of module.fields) {
    const stored = record.fields.get(field.slot);
    if (stored === undefined) continue;
    try {
      field.codec.read(new PackedReader(stored));
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableValue);
      outcome = "unreadable";
    }
  }
  return outcome;
}

describe("a damaged payload", () => {
  it.each(formats)("cut anywhere is unreadable, and nothing worse: %s", (format) => {
    const bytes = encodeRecord(whole(1), module.fields, serializerOf(format));
    expect(readAll(bytes)).toBe("read");
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readAll(bytes.subarray(0, length))).toBe("unreadable");
    }
  });

  const changed = "changed in any byte is read or unreadable, and nothing worse: %s";
  it.each(formats)(changed, { tags: "slow" }, (format) => {
    const bytes = encodeRecord(whole(2), module.fields, serializerOf(format));
    const outcomes = new Set<string>();
    for (const [index, byte] of bytes.entries()) {
      for (const mask of [0xff, 0x01, 0x80, 0x10 + (index % 16)]) {
        bytes[index] = byte ^ mask;
        outcomes.add(readAll(bytes));
      }
      bytes[index] = byte;
    }
    expect(outcomes).toContain("unreadable");
  });

  it.each(names)("%s of any bytes is a value or unreadable", (name) => {
    const field = module.field(name);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        try {
          field.codec.read(new PackedReader(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableValue);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("that nests without end is unreadable", () => {
    const deep = new Uint8Array(100_001).fill(0x91);
    deep[100_000] = 0x90;
    for (const name of ["nested", "json", "tree", "anything"]) {
      expect(() => module.field(name).codec.read(new PackedReader(deep))).toThrow(UnreadableValue);
    }
  });
});

describe("the most bytes that a field can take", () => {
  const bounded = z.object({
    text: z.string().max(4),
    id: z.uuid(),
    number: z.number(),
    big: z.int64(),
    when: z.date().nullable(),
    theme: z.enum(["a", "b"]),
    one: z.literal(["ä", 1n, null, undefined]),
    bytes: z.instanceof(Uint8Array),
    list: z.array(z.object({ a: z.string().max(2), b: z.boolean().optional() })).max(3),
    set: z.set(z.date()).max(2),
    map: z.map(z.string().max(3), z.number()).max(2),
    pair: z.tuple([z.number(), z.string().max(1).nullable()]),
    record: z.record(z.enum(["x", "yy"]), z.number()),
    either: z.union([z.string().max(2), z.number(), z.object({ a: z.date() })]),
  });
  const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: "binary", maxLength });
  const values: { readonly [name in keyof typeof bounded.shape]: fc.Arbitrary<unknown> } = {
    text: text(4),
    id: fc.uuid().map((id) => id.toUpperCase()),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }),
    big: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
    when: fc.option(fc.date({ noInvalidDate: true })),
    theme: fc.constantFrom("a", "b"),
    one: fc.constantFrom("ä", 1n, null, undefined),
    bytes: fc.uint8Array(),
    list: fc.array(
      fc.record(
        { a: text(2), b: fc.option(fc.boolean(), { nil: undefined }) },
        { requiredKeys: ["a"], noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    set: fc.array(fc.date({ noInvalidDate: true }), { maxLength: 2 }).map((dates) => new Set(dates)),
    map: fc.array(fc.tuple(text(3), fc.integer()), { maxLength: 2 }).map((pairs) => new Map(pairs)),
    pair: fc.tuple(fc.maxSafeInteger(), fc.option(text(1))),
    record: fc.record({ x: fc.maxSafeInteger(), yy: fc.integer() }, { noNullPrototype: true }),
    either: fc.oneof(
      text(2),
      fc.maxSafeInteger(),
      fc.date({ noInvalidDate: true }).map((a) => ({ a })),
    ),
  };
  let small: Emitted;
  beforeAll(async () => {
    small = await emitted("bounded", bounded);
  });
  afterAll(() => small.remove());

  it.each(Object.entries(values))("%s", async (name, arbitrary) => {
    const { model } = await buildModel(configOf(bounded));
    const most = model.fields.find((field) => field.name === name)?.maxBytes;
    expect(most === undefined).toBe(name === "bytes");
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(pack(small.field(name), value).length).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 300 },
    );
  });
});
