import assert from "node:assert/strict";
import { accepted, bytes, present, rejects, type Suite } from "./suite.js";

/** Registers the cases of what is read after it was written. */
export function readsAndWrites({ describe, test, unsupported: { large: tooLarge } }: Suite): void {
  describe("reads and writes", () => {
    test("reads nothing where nothing was written", async ({ store }) => {
      assert.equal(await store.read("nobody"), undefined);
    });

    test("reads what was written, with version and expiry", async ({ store }, expiresAt) => {
      const { version } = accepted(await store.write("a", bytes(1, 2, 3), { expect: "absent", expiresAt }));
      const stored = present(await store.read("a"));
      assert.deepEqual(new Uint8Array(stored.payload), bytes(1, 2, 3));
      assert.equal(stored.version, version);
      assert.equal(stored.expiresAt, expiresAt);
    });

    test("keeps every byte as it is, those of a larger buffer alone, and none as well", async ({
      store,
    }, expiresAt) => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      for (const payload of [all, all.subarray(7, 200), bytes()]) {
        accepted(await store.write("a", payload, { expect: "any", expiresAt }));
        assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), payload);
      }
    });

    const large = new Uint8Array(1_000_000).map((_, index) => (index * 31) & 255);
    if (tooLarge === undefined) {
      test("keeps a megabyte", async ({ store }, expiresAt) => {
        accepted(await store.write("a", large, { expect: "absent", expiresAt }));
        assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), large);
      });
    } else {
      test(`refuses a megabyte: ${tooLarge}`, async ({ store }, expiresAt) => {
        await rejects(store.write("a", large, { expect: "absent", expiresAt }), "store/too-large");
        assert.equal(await store.read("a"), undefined);
      });
    }

    test("keeps sessions apart, whatever their keys", async ({ store }, expiresAt) => {
      const keys = ["a", "A", "a/../b", "ä", "a\u0000b", "a b", "*", "'\"", "x".repeat(300)];
      for (const [index, key] of keys.entries()) {
        accepted(await store.write(key, bytes(index), { expect: "absent", expiresAt }));
      }
      for (const [index, key] of keys.entries()) {
        assert.deepEqual(new Uint8Array(present(await store.read(key)).payload), bytes(index), key);
      }
    });

    test("does not change with the bytes it was given or gave", async ({ store }, expiresAt) => {
      const payload = bytes(1);
      accepted(await store.write("a", payload, { expect: "absent", expiresAt }));
      payload[0] = 9;
      present(await store.read("a")).payload[0] = 8;
      assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), bytes(1));
    });
  });
}
