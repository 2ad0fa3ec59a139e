import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyLock } from "../../src/lock/apply.js";
import { historyOf, positionsOf } from "../../src/lock/history.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import type { SessionModel } from "../../src/model/model.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

interface Evolving {
  readonly shape: Record<string, z.ZodType>;
  readonly fields?: Record<string, FieldPolicy>;
}

async function evolve(
  ...versions: readonly Evolving[]
): Promise<{ readonly lock: Lock; readonly model: SessionModel }> {
  let lock = newLock(application);
  let model: SessionModel | undefined;
  for (const { shape, fields = {} } of versions) {
    const built = await buildModel(configOf(z.object(shape), { fields }));
    ({ lock, model } = applyLock(built.model, lock));
  }
  if (model === undefined) throw new Error("no version");
  return { lock, model };
}

const string = z.string();

describe("the chain of hashes", () => {
  it("is over the application, then each key, slot and type", async () => {
    const { lock } = await evolve({ shape: { a: string, b: z.number() } });
    const hash = (...parts: (string | Uint8Array)[]): Buffer =>
      parts
        .reduce<ReturnType<typeof createHash>>((sum, part) => sum.update(part), createHash("sha256"))
        .digest();
    const first = hash(hash(`sessgen-lock\0${application}`), '\0["a",0,"string"]');
    const second = hash(first, '\0["b",1,"number"]');
    expect(historyOf(lock).hashes).toEqual([first, second].map((sum) => sum.subarray(0, 4).toString("hex")));
  });

  it("is another one for another application", async () => {
    const { lock } = await evolve({ shape: { a: string } });
    expect(historyOf({ ...lock, application: "another-application-22" }).hashes).not.toEqual(
      historyOf(lock).hashes,
    );
  });

  it("is not altered by renaming and removing, and goes on with what is added", async () => {
    const first = { shape: { a: z.object({ x: string }), b: string } };
    const then = { shape: { c: z.object({ x: string }), d: string }, fields: { c: { was: "a" } } };
    const [before, after] = [
      historyOf((await evolve(first)).lock),
      historyOf((await evolve(first, then)).lock),
    ];
    expect(before).toMatchObject({ generations: [3] });
    expect(after.hashes.slice(0, 3)).toEqual(before.hashes);
    expect(after).toMatchObject({ generations: [3, 4], hashes: { length: 4 } });
  });

  it("differs where a slot was given out again after a revert", async () => {
    const base = { shape: { a: string } };
    const [one, other] = await Promise.all([
      evolve(base, { shape: { a: string, displayName: string } }),
      evolve(base, { shape: { a: string, impersonate: string } }),
    ]);
    expect(one.lock.log[1]?.slot).toBe(other.lock.log[1]?.slot);
    expect(historyOf(one.lock).hashes[0]).toBe(historyOf(other.lock).hashes[0]);
    expect(historyOf(one.lock).hashes[1]).not.toBe(historyOf(other.lock).hashes[1]);
  });
});

describe("the position of a field", () => {
  const node: z.ZodType = z.lazy(() => z.object({ kids: z.array(node), label: string }));
  const wider: z.ZodType = z.lazy(() => z.object({ kids: z.array(wider), label: string, more: string }));
  it.each<[string, { given: Evolving[]; want: Record<string, number> }]>([
    ["is its own", { given: [{ shape: { a: string, b: string } }], want: { a: 1, b: 2 } }],
    [
      "is that of the newest part beneath it",
      {
        given: [
          { shape: { a: z.object({ x: string }), b: string } },
          { shape: { a: z.object({ x: string, y: string }), b: string } },
        ],
        want: { a: 4, b: 3 },
      },
    ],
    [
      "is that of the newest member or variant",
      {
        given: [
          { shape: { a: z.array(z.enum(["x"])), b: z.union([string, z.int()]) } },
          { shape: { a: z.array(z.enum(["x", "y"])), b: z.union([string, z.int(), z.boolean()]) } },
        ],
        want: { a: 6, b: 7 },
      },
    ],
    [
      "is that of the newest part of a named type that it refers to",
      {
        given: [{ shape: { a: node, b: string } }, { shape: { a: wider, b: string } }],
        want: { a: 5, b: 2 },
      },
    ],
    [
      "stays where it is renamed, and is not that of what is retired beneath it",
      {
        given: [
          { shape: { a: z.object({ x: string, gone: string }) } },
          { shape: { b: z.object({ x: string }) }, fields: { b: { was: "a" } } },
        ],
        want: { b: 2 },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { model, lock } = await evolve(...given);
    expect(Object.fromEntries(positionsOf(model, lock))).toEqual(want);
  });
});
