import assert from "node:assert/strict";
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
  });
}

/** Registers that there is no sweeping, with the reason. */
export function noSweep({ test }: Suite, reason: string): void {
  test(`has no sweep: ${reason}`, async ({ store }) => {
    assert.equal(store.sweep, undefined);
  });
}
