import assert from "node:assert/strict";
import { accepted, bytes, present, type Suite } from "./suite.js";

/** Registers the cases of removal. */
export function removal({ describe, test }: Suite): void {
  describe("removal", () => {
    test("says whether there was something", async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      assert.equal(await store.remove("a"), true);
      assert.equal(await store.remove("a"), false);
      assert.equal(await store.read("a"), undefined);
    });

    test("wins over whoever moves the expiry at that moment", async ({ store }, expiresAt) => {
      for (let round = 0; round < 10; round += 1) {
        accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
        const touches = Array.from({ length: 5 }, (_, index) => store.touch("a", expiresAt + index));
        const [removed] = await Promise.all([store.remove("a"), ...touches]);
        assert.deepEqual([removed, await store.read("a")], [true, undefined]);
      }
    });

    test("can be tied to a version", async ({ store }, expiresAt) => {
      const first = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      const second = accepted(await store.write("a", bytes(2), { expect: "any", expiresAt }));
      assert.equal(await store.remove("a", { expect: first.version }), false);
      present(await store.read("a"));
      assert.equal(await store.remove("a", { expect: second.version }), true);
      assert.equal(await store.read("a"), undefined);
    });

    // Where a store removes several at once; without that they are removed one by one.
    test("of several at once is of each by itself, in the state that it had", async (fixture, expiresAt) => {
      const { store } = fixture;
      if (store.removeMany === undefined) return;
      const versionOf = new Map<string, string>();
      for (const key of ["a", "b", "ä", "changed", "gone"]) {
        const { version } = accepted(await store.write(key, bytes(1), { expect: "absent", expiresAt }));
        versionOf.set(key, version);
      }
      const short = { expect: "absent", expiresAt: fixture.now() + 50 } as const;
      const { version } = accepted(await store.write("expired", bytes(1), short));
      versionOf.set("expired", version);
      accepted(await store.write("changed", bytes(2), { expect: "any", expiresAt }));
      assert.equal(await store.remove("gone"), true);
      await fixture.advance(51);
      const states = [...versionOf].map(([key, version]) => ({ key, version }));
      assert.deepEqual(await store.removeMany(states), [true, true, true, false, false, false]);
      assert.deepEqual(await store.removeMany(states), Array(6).fill(false));
      assert.deepEqual(await store.removeMany([]), []);
      assert.deepEqual([...present(await store.read("changed")).payload], [2]);
    });
  });
}
