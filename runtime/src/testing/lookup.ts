import assert from "node:assert/strict";
import type { SessionStore } from "../stores/store.js";
import { foundKeys } from "./found-keys.js";
import { accepted, bytes, HOUR, inTime, rejects, type Suite } from "./suite.js";

/** Registers the cases of lookup by field. */
export function lookup({ describe, test }: Suite): void {
  describe("lookup by field", () => {
    const find = async (
      store: SessionStore,
      index: string,
      value: string,
      signal?: AbortSignal,
    ): Promise<string[]> => {
      return (await foundKeys(store, index, value, signal && { signal })).sort();
    };

    test("finds every session of a value, and nobody else's", async ({ store }, expiresAt) => {
      const values = ["x", "X", "x ", "ä", "", "a:b", "%", "'\"", "y".repeat(200)];
      for (const [index, value] of values.entries()) {
        const write = { expect: "absent", expiresAt, index: { user_id: value, tenant: "t" } } as const;
        accepted(await store.write(`one${index}`, bytes(1), write));
        accepted(await store.write(`two${index}`, bytes(1), write));
      }
      for (const [index, value] of values.entries()) {
        assert.deepEqual(await find(store, "user_id", value), [`one${index}`, `two${index}`], value);
      }
      assert.deepEqual(await find(store, "user_id", "z"), []);
      assert.equal((await find(store, "tenant", "t")).length, 2 * values.length);
    });

    test("finds hundreds", async ({ store }, expiresAt) => {
      const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);
      await Promise.all(
        keys.map((key) =>
          store.write(key, bytes(1), {
            expect: "absent",
            expiresAt,
            index: { user_id: "u", tenant: null },
          }),
        ),
      );
      assert.deepEqual(await find(store, "user_id", "u"), keys.sort());
    });

    test("follows the value from write to write, and leaves it alone where none is given", async ({
      store,
    }, expiresAt) => {
      const index = { user_id: "before", tenant: null };
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index }));
      accepted(await store.write("a", bytes(2), { expect: "any", expiresAt }));
      assert.deepEqual(await find(store, "user_id", "before"), ["a"]);
      accepted(
        await store.write("a", bytes(3), {
          expect: "any",
          expiresAt,
          index: { ...index, user_id: "after" },
        }),
      );
      assert.deepEqual(await find(store, "user_id", "after"), ["a"]);
    });

    test("is not changed by a refused write", async ({ store }, expiresAt) => {
      const index = { user_id: "u", tenant: null };
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index }));
      await store.write("a", bytes(2), {
        expect: "absent",
        expiresAt,
        index: { user_id: null, tenant: "t" },
      });
      assert.deepEqual(await find(store, "user_id", "u"), ["a"]);
    });

    test("still finds a session that was touched, after its first expiry", async (fixture) => {
      const { store } = fixture;
      const index = { user_id: "u", tenant: null };
      const ends = await inTime(fixture, 300, async (expiresAt) => {
        accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index }));
        assert.equal(await store.touch("a", fixture.now() + HOUR, { index }), "touched");
        return expiresAt;
      });
      await fixture.advance(Math.max(0, ends - fixture.now()) + 100);
      accepted(
        await store.write("b", bytes(1), { expect: "absent", expiresAt: fixture.now() + HOUR, index }),
      );
      assert.deepEqual(await find(store, "user_id", "u"), ["a", "b"]);
    });

    test("is refused after close and after the deadline", async ({ store }) => {
      const signal = AbortSignal.abort();
      await rejects(find(store, "user_id", "u", signal), "store/timeout");
      await store.close();
      await rejects(find(store, "user_id", "u"), "store/closed");
    });
  });
}
