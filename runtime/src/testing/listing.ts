import assert from "node:assert/strict";
import { bytes, type Suite } from "./suite.js";

/** Registers the cases of listing, for stores that can. */
export function listing({ describe, test }: Suite): void {
  describe("listing", () => {
    test("lists the live sessions of an application, and nobody else's", async (fixture, expiresAt) => {
      const { store } = fixture;
      if (store.list === undefined) return;
      const keys = Array.from({ length: 230 }, (_, index) => `own-tag1.k${index}`);
      const others = ["own-tag1", "own-tag", "own-tag1/x", "own-tag2.k", "k"];
      await Promise.all(
        [...keys, ...others].map((key) =>
          store.write(key, bytes(key.length), { expect: "absent", expiresAt }),
        ),
      );
      await store.write("own-tag1.over", bytes(1), { expect: "absent", expiresAt: fixture.now() + 50 });
      await fixture.advance(51);
      const listed: string[] = [];
      for await (const page of store.list({ application: "own-tag1" })) {
        for (const { key, stored } of page) {
          assert.deepEqual([...stored.payload], [key.length]);
          assert.equal(stored.expiresAt, expiresAt);
          listed.push(key);
        }
      }
      assert.deepEqual(listed.sort(), keys.sort());
    });
  });
}
