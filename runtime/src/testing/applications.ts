import assert from "node:assert/strict";
import { foundKeys } from "./found-keys.js";
import { accepted, bytes, present, type Suite } from "./suite.js";

/**
 * Registers the cases of applications that share a store: what stands before the dot of a key tells
 * them apart.
 */
export function applications({ describe, test, unsupported }: Suite): void {
  describe("applications", () => {
    test("do not see each other's sessions", async ({ store }, expiresAt) => {
      accepted(await store.write("shop.a", bytes(1), { expect: "absent", expiresAt }));
      assert.equal(await store.read("forum.a"), undefined);
      assert.equal(await store.remove("forum.a"), false);
      present(await store.read("shop.a"));
    });

    if (unsupported.index === undefined) {
      test("do not find each other's sessions by the same value", async ({ store }, expiresAt) => {
        const index = { user_id: "1", tenant: null };
        const keys = ["shop.a", "shop.b", "forum.a", "sho.a", "shop2.a", "Shop.a", "a"];
        for (const key of keys)
          accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt, index }));
        const found = async (application: string): Promise<string[]> =>
          (await foundKeys(store, "user_id", "1", { application })).sort();
        assert.deepEqual(await found("shop"), ["shop.a", "shop.b"]);
        assert.deepEqual(await found("forum"), ["forum.a"]);
        assert.deepEqual(await found("nobody"), []);
        assert.deepEqual(await found(""), ["a"]);
        await store.remove("shop.a");
        assert.deepEqual(await found("shop"), ["shop.b"]);
        assert.deepEqual(await found("forum"), ["forum.a"]);
      });
    }

    if (unsupported.sweep === undefined) {
      test("sweep their own sessions only, and tools sweep everybody's", async (fixture, expiresAt) => {
        const { store } = fixture;
        for (const key of ["shop.a", "shop.b", "forum.a", "shop2.a"])
          accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt: fixture.now() + 50 }));
        accepted(await store.write("shop.live", bytes(1), { expect: "absent", expiresAt }));
        await fixture.advance(51);
        assert.equal(await store.sweep?.({ application: "shop", limit: 1 }), 1);
        assert.equal(await store.sweep?.({ application: "shop" }), 1);
        assert.equal(await store.sweep?.({ application: "shop" }), 0);
        assert.equal(await store.sweep?.({ application: "nobody" }), 0);
        assert.equal(await store.sweep?.(), 2);
        present(await store.read("shop.live"));
      });
    }
  });
}
