import fc from "fast-check";
import { OfVariant, type Property, type Schema } from "./schema.js";

/** A schema and values of it. */
export interface Sample {
  readonly schema: Schema;
  readonly value: unknown;
}

/** Text of every kind that is stored in a way of its own, and such as looks like it. */
const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 8,
  }),
  fc.string({ unit: fc.constantFrom("\ufffd", "\ud800", "\udfff", "fffd", "d800", "é"), maxLength: 6 }),
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
  fc.stringMatching(/^[\w-]{30,70}$/),
  fc.stringMatching(/^[\w-]{9,30}(\.[\w-]{0,30}){1,5}$/),
  fc.integer({ min: 250, max: 70_000 }).map((length) => "é".repeat(length % 300).padEnd(length, "x ")),
);

/** Keys of the application's own: odd ones, too. */
const keys = fc
  .oneof(
    texts,
    fc.constantFrom("toString", "constructor", "0", "00", "-1", "1e3", "$date", "$$", "", "\ud800", "\udc00"),
  )
  .filter((key) => key !== "__proto__");

const numbers = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    -0,
    0,
    NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    2 ** 53 - 1,
    -(2 ** 53),
    2 ** 32,
    2 ** 31,
    0.1,
    1e21,
  ),
  fc.integer().map((cents) => cents / 100),
);
const dates = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.integer().map((seconds) => new Date(seconds * 1000)),
  fc.constantFrom(new Date(8.64e15), new Date(-8.64e15), new Date(0), new Date(2 ** 32 * 1000)),
);
const bigints = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
const bytes = fc.uint8Array({ maxLength: 300 });

/** What a schema says nothing about. */
const unknowns: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, undefined, true, false),
    numbers,
    texts,
    dates,
    bigints,
    bytes,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  ),
})).value;

function scalar(schema: Schema, values: fc.Arbitrary<unknown>): fc.Arbitrary<Sample> {
  return values.map((value) => ({ schema, value }));
}

const scalars = fc.oneof(
  scalar("string", texts),
  scalar("number", numbers),
  scalar("bigint", bigints),
  scalar("boolean", fc.boolean()),
  scalar("date", dates),
  scalar("bytes", bytes),
  scalar("null", fc.constant(null)),
  scalar("unknown", unknowns),
  scalar({ enum: ["a", null, "b", 7] }, fc.constantFrom("a", "b", 7)),
);

/** Slots with gaps; few objects have some above 29. */
const slots = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 12 }) },
  { weight: 1, arbitrary: fc.nat({ max: 200 }) },
);

/** Random schemas, nested, each with a value. */
export const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => {
  const sample = tie("sample");
  const property = fc.record({ slot: slots, name: keys, sample, present: fc.boolean() });
  const objects = fc
    .uniqueArray(property, { maxLength: 8, comparator: (a, b) => a.slot === b.slot || a.name === b.name })
    .map((properties) => ({
      schema: {
        object: properties.map(({ slot, name, sample: { schema } }): Property => [slot, name, schema]),
      },
      value: Object.fromEntries(
        properties.filter(({ present }) => present).map(({ name, sample: { value } }) => [name, value]),
      ),
    }));
  return {
    sample: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      scalars,
      objects,
      fc
        .tuple(objects, fc.dictionary(keys, texts, { maxKeys: 3, noNullPrototype: true }))
        .map(([{ schema, value }, rest]) => {
          const names = new Set(schema.object.map(([, name]) => name));
          const others = Object.fromEntries(Object.entries(rest).filter(([key]) => !names.has(key)));
          return { schema: { ...schema, rest: "string" as const }, value: { ...others, ...value } };
        }),
      // Of one schema there are several values: the last sample's, as often as there are samples.
      fc.tuple(sample, fc.nat({ max: 20 })).map(([{ schema, value }, count]) => ({
        schema: { list: schema },
        value: Array.from({ length: count }, () => value),
      })),
      sample.map(({ schema, value }) => ({ schema: { set: schema }, value: new Set([value]) })),
      fc.tuple(sample, sample).map(([one, other]) => ({
        schema: { map: [one.schema, other.schema] as const },
        value: new Map([[one.value, other.value]]),
      })),
      fc.tuple(fc.uniqueArray(keys, { maxLength: 5 }), sample).map(([names, { schema, value }]) => ({
        schema: { record: schema },
        value: Object.fromEntries(names.map((name) => [name, value])),
      })),
      fc.array(sample, { maxLength: 4 }).map((items) => ({
        schema: { tuple: items.map(({ schema }) => schema) },
        value: items.map(({ value }) => value),
      })),
      fc.tuple(sample, fc.nat({ max: 300 })).map(([{ schema, value }, slot]) => ({
        schema: { union: [[slot, schema]] as const },
        value: new OfVariant(slot, value),
      })),
      fc.tuple(scalars, fc.boolean()).map(([{ schema, value }, isNull]) => ({
        schema: { nullable: schema === "unknown" ? "string" : schema } as const,
        value: isNull || schema === "unknown" ? null : value,
      })),
      fc.tuple(scalars, fc.boolean()).map(([{ schema, value }, isAbsent]) => ({
        schema: { optional: schema === "unknown" ? "string" : schema } as const,
        value: isAbsent || schema === "unknown" ? undefined : value,
      })),
    ),
  };
}).sample;
