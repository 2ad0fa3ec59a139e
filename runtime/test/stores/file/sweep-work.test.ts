import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { sweepInBatches } from "../../../src/session/lookup/sweep.js";
import { fakeClock } from "../../../src/testing/index.js";

const { calls } = vi.hoisted(() => ({ calls: new Map<string, number>() }));

// The real ones: what a sweep asks of the file system is counted, for a clock says little of it.
vi.mock("node:fs/promises", async (original) => {
  const real = await original<Record<string, unknown>>();
  const counted = Object.entries(real).map(([name, value]) => {
    if (typeof value !== "function") return [name, value];
    const call = (...args: unknown[]): unknown => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return Reflect.apply(value, real, args);
    };
    return [name, call];
  });
  return Object.fromEntries(counted);
});

const { fileStore } = await import("../../../src/stores/file/index.js");

const root = mkdtempSync(join(tmpdir(), "sessgen-sweep-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Half of them have expired; each is found by a user, of ten at most, and by a tenant. */
async function workOf(count: number, limit: number) {
  const directory = join(root, `${count}-${limit}`);
  const clock = fakeClock();
  const store = fileStore({ directory, clock });
  for (let index = 0; index < count; index += 1) {
    await store.write(`shop.${index}`, Uint8Array.of(1), {
      expect: "absent",
      expiresAt: clock() + (index % 2 === 0 ? 1000 : 100_000),
      index: { user_id: `user-${index % 10}`, tenant: "t" },
    });
  }
  clock.advance(2000);
  calls.clear();
  const cursor = {};
  const deleted = await sweepInBatches(
    (most) => store.sweep?.({ application: "shop", limit: most, cursor }) ?? Promise.resolve(0),
    { limit, pause: 0, share: 1 },
    cursor,
  );
  const left = readdirSync(directory).filter((name) => name.endsWith(".session")).length;
  const work = Object.fromEntries(calls);
  await store.close();
  return { deleted, left, work };
}

describe("a sweep of files", () => {
  it("asks ten times as much of the file system for ten times the sessions, in batches of whatever size", async () => {
    const few = await workOf(20, 5);
    const many = await workOf(200, 5);
    expect([few.deleted, few.left]).toEqual([10, 10]);
    expect([many.deleted, many.left]).toEqual([100, 100]);
    const tenfold = Object.entries(few.work).map(([name, times]) => [name, times * 10]);
    // Lists are of folders, which are the same number.
    expect(many.work).toEqual({ ...Object.fromEntries(tenfold), readdir: few.work["readdir"] });
    expect((await workOf(200, 50)).work).toEqual(many.work);
  });
});
