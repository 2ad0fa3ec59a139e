import assert from "node:assert/strict";
import { accepted, bytes, rejects, type Suite } from "./suite.js";

/** Registers the cases of deadlines and of closing. */
export function end({ describe, test }: Suite): void {
  describe("its end", () => {
    test("an operation past its deadline is refused", async ({ store }, expiresAt) => {
      const signal = AbortSignal.abort();
      await rejects(store.read("a", { signal }), "store/timeout");
      await rejects(store.write("a", bytes(1), { expect: "any", expiresAt, signal }), "store/timeout");
      await rejects(store.touch("a", expiresAt, { signal }), "store/timeout");
      await rejects(store.remove("a", { signal }), "store/timeout");
      assert.equal(await store.read("a"), undefined);
    });

    test("closing twice is closing once, and nothing works afterwards", async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      await store.close();
      await store.close();
      await rejects(store.read("a"), "store/closed");
      await rejects(store.write("a", bytes(1), { expect: "any", expiresAt }), "store/closed");
      await rejects(store.touch("a", expiresAt), "store/closed");
      await rejects(store.remove("a"), "store/closed");
      if (store.sweep !== undefined) await rejects(store.sweep(), "store/closed");
    });
  });
}
