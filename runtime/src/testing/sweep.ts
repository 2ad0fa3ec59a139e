import assert from "node:assert/strict";
import type { SweepCursor } from "../stores/store.js";
import { accepted, bytes, present, type Suite } from "./suite.js";

/** Registers the cases of sweeping. */
export function sweep({ describe, test }: Suite): void {
  describe("sweep", () => {
    test("deletes what has expired and nothing else, as many as it may", async (fixture, expiresAt) => {
      const { store } = fixture;
      for (const key of ["a", "b", "c"]) {
        accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt: fixture.now() + 50 }));
      }
      accepted(await store.write("live", bytes(1), { expect: "absent", expiresAt }));
      await fixture.advance(51);
      assert.equal(await store.sweep?.({ limit: 2 }), 2);
      assert.equal(await store.sweep?.(), 1);
      assert.equal(await store.sweep?.(), 0);
      present(await store.read("live"));
    });

    test("goes on, with a cursor, where the call before ended, until all was looked at", async (fixture, expiresAt) => {
      const { store } = fixture;
      const index = { user_id: "u", tenant: null };
      const write = async (key: string, ends: number): Promise<void> =>
        void accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt: ends, index }));
      for (let number = 0; number < 7; number += 1) {
        await write(`shop.${number}`, fixture.now() + 50);
        await write(`forum.${number}`, fixture.now() + 50);
        await write(`shop.live${number}`, expiresAt);
      }
      await fixture.advance(51);
      const cursor: SweepCursor = { counts: true };
      let swept = 0;
      let calls = 0;
      for (let count = 1; !(cursor.done ?? count === 0); ) {
        count = (await store.sweep?.({ application: "shop", limit: 2, cursor })) ?? 0;
        assert.ok(count <= 2, "no more are deleted than may be");
        swept += count;
        calls += 1;
        assert.ok(calls < 1000, "it comes to an end");
      }
      assert.equal(swept, 7);
      if (cursor.total !== undefined) assert.ok(cursor.total >= 7 && (cursor.seen ?? 0) >= cursor.total);
      assert.equal(await store.sweep?.({ application: "shop" }), 0);
      assert.equal(await store.sweep?.({ application: "forum" }), 7);
      present(await store.read("shop.live0"));
    });

    test("leaves alone, with a cursor, what was begun anew after it was found", async (fixture, expiresAt) => {
      const { store } = fixture;
      const keys = ["a", "b", "c", "d"];
      for (const key of keys)
        accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt: fixture.now() + 50 }));
      await fixture.advance(51);
      const cursor: SweepCursor = {};
      let swept = (await store.sweep?.({ limit: 1, cursor })) ?? 0;
      const begun: string[] = [];
      for (const key of keys)
        if ((await store.write(key, bytes(2), { expect: "absent", expiresAt })).ok) begun.push(key);
      for (let count = 1; !(cursor.done ?? count === 0); swept += count)
        count = (await store.sweep?.({ limit: 1, cursor })) ?? 0;
      assert.equal(begun.length, 4);
      for (const key of begun) assert.deepEqual([...present(await store.read(key)).payload], [2]);
      assert.ok(swept <= 1);
    });
  });
}

/** Registers that there is no sweeping, with the reason. */
export function noSweep({ test }: Suite, reason: string): void {
  test(`has no sweep: ${reason}`, async ({ store }) => {
    assert.equal(store.sweep, undefined);
  });
}
