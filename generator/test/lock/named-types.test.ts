import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyLock } from "../../src/lock/apply.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

/** One state of a schema. */
interface Version {
  readonly shape: Record<string, z.ZodType>;
  readonly fields?: Record<string, FieldPolicy>;
}

/** Applies one version after the other, each to the lock as it was written to disk. */
async function evolve(versions: readonly Version[]): Promise<Lock> {
  let lock = newLock(application);
  for (const { shape, fields = {} } of versions) {
    const { model } = await buildModel(configOf(z.object(shape), { fields }));
    lock = readLock(printLock(applyLock(model, lock).lock), "lock");
    expect(applyLock(model, lock).lock).toEqual(lock);
  }
  return lock;
}

/** Slots of what is in the schema, by path. */
function current(lock: Lock): Record<string, number> {
  return Object.fromEntries(
    [...lock.entries]
      .filter(([, { retired }]) => !retired)
      .map(([path, { allocation }]) => [path, allocation.slot]),
  );
}

const string = z.string();
const point = z.object({ x: string, y: string });
const swapped = z.object({ y: string, x: string });

/** A list of these is recursive; `first` is declared first. */
const tree = (first?: "kids") => {
  const node: z.ZodType = z.lazy(() =>
    first === "kids"
      ? z.object({ kids: z.array(node), y: string, x: string })
      : z.object({ x: string, y: string, kids: z.array(node) }),
  );
  return node;
};

/** A union of text, and of lists of itself. */
const json = () => {
  const one: z.ZodType = z.lazy(() => z.union([string, z.array(one)]));
  return one;
};

/** An object with a union of text, and of the object. */
const chain = () => {
  const one: z.ZodType = z.lazy(() => z.object({ next: z.union([string, one]) }));
  return one;
};

describe("slots of named types", () => {
  it.each<[string, { given: Version[]; want: Record<string, number> }]>([
    [
      "stay when the field that gave the name is renamed",
      {
        given: [
          { shape: { old: tree() } },
          { shape: { fresh: tree("kids") }, fields: { fresh: { was: "old" } } },
        ],
        want: { fresh: 0, "@Fresh.x": 0, "@Fresh.y": 1, "@Fresh.kids": 2 },
      },
    ],
    [
      "stay in a union that contains itself when its field is renamed",
      {
        given: [{ shape: { old: json() } }, { shape: { fresh: json() }, fields: { fresh: { was: "old" } } }],
        want: { fresh: 0, "@Fresh|string": 0, '@Fresh|"array<Fresh>"': 1 },
      },
    ],
    [
      "stay in a union within a type that contains itself, too",
      {
        given: [
          { shape: { old: chain() } },
          { shape: { fresh: chain() }, fields: { fresh: { was: "old" } } },
        ],
        want: { fresh: 0, "@Fresh.next": 0, "@Fresh.next|string": 0, "@Fresh.next|Fresh": 1 },
      },
    ],
    [
      "stay when a list is given a name",
      {
        given: [
          { shape: { a: z.array(point) } },
          { shape: { a: z.array(swapped).meta({ id: "LockPoints" }) } },
        ],
        want: { a: 0, "@LockPoints[].x": 0, "@LockPoints[].y": 1 },
      },
    ],
    [
      "stay when a map in a tuple loses its name",
      {
        given: [
          { shape: { a: z.tuple([string, z.map(string, point).meta({ id: "LockMap" })]) } },
          { shape: { a: z.tuple([string, z.map(string, swapped)]) } },
        ],
        want: { a: 0, "a[1]<value>.x": 0, "a[1]<value>.y": 1 },
      },
    ],
    [
      "stay when another field gives the name, because it is declared first now",
      {
        given: [
          (() => {
            const node = tree();
            return { shape: { one: node, two: node } };
          })(),
          (() => {
            const node = tree("kids");
            return { shape: { two: node, one: node } };
          })(),
        ],
        want: { one: 0, two: 1, "@Two.x": 0, "@Two.y": 1, "@Two.kids": 2 },
      },
    ],
    [
      "stay when a list's element comes to contain itself",
      {
        given: [{ shape: { list: z.array(point) } }, { shape: { list: z.array(tree("kids")) } }],
        want: { list: 0, "@ListItem.x": 0, "@ListItem.y": 1, "@ListItem.kids": 2 },
      },
    ],
    [
      "stay when it no longer does",
      {
        given: [{ shape: { list: z.array(tree()) } }, { shape: { list: z.array(swapped) } }],
        want: { list: 0, "list[].x": 0, "list[].y": 1 },
      },
    ],
    [
      "stay when a type is given a name by .meta()",
      {
        given: [{ shape: { a: point } }, { shape: { a: swapped.meta({ id: "LockPoint" }) } }],
        want: { a: 0, "@LockPoint.x": 0, "@LockPoint.y": 1 },
      },
    ],
    [
      "stay when one named type becomes two",
      {
        given: [
          (() => {
            const shared = z.object({ x: string, y: string }).meta({ id: "LockShared" });
            return { shape: { a: shared, b: shared } };
          })(),
          {
            shape: {
              a: z.object({ y: string, x: string }).meta({ id: "LockFirst" }),
              b: z.object({ y: string, x: string }).meta({ id: "LockShared2" }),
            },
          },
        ],
        want: {
          a: 0,
          b: 1,
          "@LockFirst.x": 0,
          "@LockFirst.y": 1,
          "@LockShared2.x": 0,
          "@LockShared2.y": 1,
        },
      },
    ],
    [
      "are not shared by two fields that were stored by different numbers",
      {
        given: [
          { shape: { a: point, b: swapped } },
          (() => {
            const shared = z.object({ x: string, y: string }).meta({ id: "LockUnited" });
            return { shape: { a: shared, b: shared } };
          })(),
        ],
        want: { a: 0, b: 2, "@LockUnited.x": 0, "@LockUnited.y": 1 },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    expect(current(await evolve(given))).toEqual(want);
  });
});

describe("a slot is left for another when what was stored would be misread", () => {
  const roles = z.enum(["admin", "member"]);
  it.each<[string, { given: readonly [z.ZodType, z.ZodType] }]>([
    ["enum members are stored as numbers", { given: [z.array(roles), z.array(z.int())] }],
    ["dates are stored as numbers", { given: [z.set(z.date()), z.set(z.number())] }],
    [
      "variants are stored with their number",
      { given: [z.array(z.union([string, z.int()])), z.array(z.array(z.int()))] },
    ],
    ["in a tuple", { given: [z.tuple([z.date()]), z.tuple([z.number()])] }],
    ["in a record", { given: [z.record(string, roles), z.record(string, z.number())] }],
    ["two lists deep", { given: [z.array(z.array(z.date())), z.array(z.array(z.number()))] }],
  ])("%s", async (_name, { given: [before, after] }) => {
    const lock = await evolve([{ shape: { a: before, b: string } }, { shape: { a: after, b: string } }]);
    expect(lock.entries.get("a")?.allocation.slot).toBe(2);
    expect(lock.entries.get("a~0")).toMatchObject({ allocation: { slot: 0 }, retired: true });
  });

  it("and not when null or absence of an element is new", async () => {
    const lock = await evolve([
      { shape: { a: z.array(string) } },
      { shape: { a: z.array(string.nullable()).optional() } },
    ]);
    expect(current(lock)).toEqual({ a: 0 });
  });
});

describe("a slot is never given out again", () => {
  it("when a field takes the name of one that was removed", async () => {
    const lock = await evolve([
      { shape: { a: point, b: point } },
      { shape: { a: point } },
      { shape: { b: swapped }, fields: { b: { was: "a" } } },
      { shape: { b: swapped, c: string }, fields: { b: { was: "a" } } },
    ]);
    expect(lock.entries.get("b~1")).toMatchObject({ allocation: { slot: 1 }, retired: true });
    expect(current(lock)).toEqual({ b: 0, "b.x": 0, "b.y": 1, c: 2 });
  });

  it("when one is renumbered that shared it with nobody", async () => {
    const { model } = await buildModel(configOf(z.object({ a: string, b: string, c: string })));
    const before = applyLock(
      (await buildModel(configOf(z.object({ b: string })))).model,
      newLock(application),
    );
    const { lock } = applyLock(model, before.lock, { renumber: ["b"] });
    expect(new Set([...lock.entries.values()].map(({ allocation }) => allocation.slot)).size).toBe(
      lock.entries.size,
    );
    expect(lock.log[0]).toBe(before.lock.log[0]);
    expect(lock.entries.get("b~0")).toMatchObject({ retired: true });
  });

  it("among members of an enum that are fractions", async () => {
    const lock = await evolve([{ shape: { a: z.enum({ one: 1, more: 1.5, less: -0.5, many: 1e21 }) } }]);
    expect(current(lock)).toEqual({ a: 0, "a=1": 0, "a=1.5": 1, "a=-0.5": 2, "a=1e+21": 3 });
  });
});
