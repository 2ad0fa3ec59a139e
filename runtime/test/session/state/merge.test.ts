import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FieldDefinition, PackedReader, PackedWriter } from "../../../src/index.js";
import type { Change } from "../../../src/session/state/change.js";
import { mergeField } from "../../../src/session/state/merge.js";
import { cart, log, user, visits } from "../support/fixture.js";

function pack<T>(field: FieldDefinition<T>, value: T | undefined): Change["mine"] {
  if (value === undefined) return undefined;
  const writer = new PackedWriter();
  field.codec.write(writer, value);
  return writer.takePart();
}

/** Merges values instead of bytes. */
function merge<T>(
  field: FieldDefinition<T>,
  base: T | undefined,
  mine: T | undefined,
  theirs: T | undefined,
): T | undefined {
  const change = { field: field as FieldDefinition, base: pack(field, base), mine: pack(field, mine) };
  const merged = mergeField(change, pack(field, theirs));
  return merged === undefined ? undefined : field.codec.read(PackedReader.of(merged));
}

const plain: FieldDefinition<number> = { ...visits, merge: "last-write-wins" };
const most: FieldDefinition<number> = { ...visits, merge: "max" };
const least: FieldDefinition<number> = { ...visits, merge: "min" };
const never = (): never => {
  throw new Error("not this time");
};
const item = (sku: string, quantity = 1) => ({ sku, quantity });

describe("a merge", () => {
  it.each<[string, { given: () => unknown; want: unknown }]>([
    ["last-write-wins: mine", { given: () => merge(plain, 1, 2, 3), want: 2 }],
    ["counter: both differences", { given: () => merge(visits, 10, 11, 15), want: 16 }],
    ["counter: also when both came to the same", { given: () => merge(visits, 1, 2, 2), want: 3 }],
    ["counter: from nothing, the default", { given: () => merge(visits, undefined, 2, 3), want: 5 }],
    ["counter: a removal is a removal", { given: () => merge(visits, 1, undefined, 5), want: undefined }],
    [
      "counter: what the schema forbids gives way",
      {
        given: () =>
          merge(
            {
              ...visits,
              check: (value) => {
                if (Number(value) > 5) throw new Error();
              },
            },
            0,
            3,
            4,
          ),
        want: 3,
      },
    ],
    [
      "a function: what it makes of all three",
      {
        given: () =>
          merge({ ...plain, merge: (base = 0, mine, theirs) => base * 100 + mine * 10 + theirs }, 1, 2, 3),
        want: 123,
      },
    ],
    [
      "a function: from nothing, the default",
      {
        given: () =>
          merge({ ...user, merge: (base, mine, theirs) => `${base} ${mine} ${theirs}` }, undefined, "m", "t"),
        want: "undefined m t",
      },
    ],
    [
      "a function: not called when only one side changed",
      { given: () => merge({ ...plain, merge: never }, 1, 2, 1), want: 2 },
    ],
    [
      "a function: not called when one side removed the field",
      {
        given: () => [
          merge({ ...plain, merge: never }, 1, undefined, 3),
          merge({ ...plain, merge: never }, 1, 2, undefined),
        ],
        want: [undefined, 2],
      },
    ],
    [
      "a function: one that throws gives way",
      { given: () => merge({ ...plain, merge: never }, 1, 2, 3), want: 2 },
    ],
    [
      "a function: what the schema forbids gives way",
      { given: () => merge({ ...visits, merge: () => 0.5 }, 1, 2, 3), want: 2 },
    ],
    [
      "a function: may change what it gets",
      {
        given: () =>
          merge(
            {
              ...log,
              merge: (base = [], mine, theirs) => {
                base.push("b");
                mine.push(...theirs);
                return mine;
              },
            },
            ["x"],
            ["m"],
            ["t"],
          ),
        want: ["m", "t"],
      },
    ],
    ["max", { given: () => merge(most, 1, 5, 9), want: 9 }],
    ["min", { given: () => merge(least, 10, 5, 9), want: 5 }],
    [
      "union: additions of both",
      {
        given: () => merge(cart, [item("a")], [item("a"), item("b")], [item("a"), item("c")]),
        want: [item("a"), item("c"), item("b")],
      },
    ],
    [
      "union: removals of both",
      {
        given: () =>
          merge(cart, [item("a"), item("b"), item("c")], [item("b"), item("c")], [item("a"), item("c")]),
        want: [item("c")],
      },
    ],
    [
      "union: a change wins over a removal",
      { given: () => merge(cart, [item("a")], [], [item("a", 2)]), want: [item("a", 2)] },
    ],
    [
      "union: of two changes mine",
      { given: () => merge(cart, [item("a")], [item("a", 2)], [item("a", 3)]), want: [item("a", 2)] },
    ],
    ["append: both tails", { given: () => merge(log, ["x"], ["x", "m"], ["x", "t"]), want: ["x", "t", "m"] }],
    [
      "append: no more than the limit",
      { given: () => merge(log, ["x", "y"], ["x", "y", "m"], ["x", "y", "t"]), want: ["y", "t", "m"] },
    ],
    [
      "append: also when mine has lost its head",
      { given: () => merge(log, ["1", "2", "3"], ["2", "3", "4"], ["2", "3", "t"]), want: ["3", "t", "4"] },
    ],
  ])("%s", (_name, { given, want }) => {
    expect(given()).toEqual(want);
  });
});

describe("every merge", () => {
  const numbers = fc.integer({ min: -1000, max: 1000 });
  const carts = fc.uniqueArray(
    fc.record({ sku: fc.constantFrom("a", "b", "c", "d"), quantity: fc.integer({ min: 1, max: 3 }) }),
    { selector: ({ sku }) => sku },
  );
  const skus = (items: readonly { sku: string }[] = []) => new Set(items.map(({ sku }) => sku));

  it("is mine when nobody else changed anything", () => {
    fc.assert(
      fc.property(carts, carts, numbers, numbers, (base, mine, before, after) => {
        expect(merge(cart, base, mine, base)).toEqual(mine);
        for (const field of [visits, most, least, plain])
          expect(merge(field, before, after, before)).toBe(after);
      }),
    );
  });

  it("of counters and extremes does not depend on who was first", () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (base, one, other) => {
        fc.pre(one !== base && other !== base);
        for (const field of [visits, most, least])
          expect(merge(field, base, one, other)).toBe(merge(field, base, other, one));
        expect(merge(visits, base, one, other)).toBe(one + other - base);
      }),
    );
  });

  it("of lists as sets keeps what either side added and has each element once", () => {
    fc.assert(
      fc.property(carts, carts, carts, (base, mine, theirs) => {
        const merged = merge(cart, base, mine, theirs) ?? [];
        expect(skus(merged).size).toBe(merged.length);
        for (const sku of [...skus(mine), ...skus(theirs)])
          if (!skus(base).has(sku)) expect(skus(merged)).toContain(sku);
        for (const sku of skus(merged)) expect(skus([...mine, ...theirs])).toContain(sku);
      }),
    );
  });
});
