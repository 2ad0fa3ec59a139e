import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";

testStore({ describe, it }, "memory", () => {
  const clock = fakeClock();
  return { store: memoryStore({ clock }), now: clock, advance: clock.advance };
});

describe("bounds of the memory store", () => {
  const expiresAt = Date.UTC(2100, 0, 1);
  const write = { expect: "any", expiresAt } as const;

  it.each([
    ["in entries", { given: { maxEntries: 2 } }],
    ["in bytes", { given: { maxBytes: 2 * (100 + 2) + 50 } }],
  ])("%s: the least recently used session goes first", async (_name, { given }) => {
    const store = memoryStore(given);
    await store.write("a", new Uint8Array(100), write);
    await store.write("b", new Uint8Array(100), write);
    await store.read("a");
    await store.write("c", new Uint8Array(100), write);
    const present = await Promise.all(
      ["a", "b", "c"].map(async (key) => (await store.read(key)) !== undefined),
    );
    expect(present).toEqual([true, false, true]);
  });

  it("a session larger than all room is refused, and pushes nobody out", async () => {
    const store = memoryStore({ maxBytes: 500 });
    await store.write("a", new Uint8Array(100), write);
    await expect(store.write("b", new Uint8Array(1000), write)).rejects.toMatchObject({ code: "store/full" });
    expect(await store.read("a")).toBeDefined();
  });
});
