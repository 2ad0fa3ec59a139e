import assert from "node:assert/strict";
import { accepted, bytes, current, present, type Suite } from "./suite.js";

/** Registers the cases of writes that expect something. */
export function conditionalWrites({ describe, test }: Suite): void {
  describe("conditional writes", () => {
    test("create only where nothing is", async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      const refused = await store.write("a", bytes(2), { expect: "absent", expiresAt });
      assert.deepEqual(new Uint8Array(present(current(refused)).payload), bytes(1));
      assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), bytes(1));
    });

    test("replace only what was read", async ({ store }, expiresAt) => {
      const first = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      const second = accepted(await store.write("a", bytes(2), { expect: first.version, expiresAt }));
      assert.notEqual(second.version, first.version);
      const refused = await store.write("a", bytes(3), { expect: first.version, expiresAt });
      assert.equal(present(current(refused)).version, second.version);
      assert.deepEqual(new Uint8Array(present(current(refused)).payload), bytes(2));
    });

    test('replace whatever is there with "any"', async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "any", expiresAt }));
      accepted(await store.write("a", bytes(2), { expect: "any", expiresAt }));
      assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), bytes(2));
    });

    test("never bring a removed session back", async ({ store }, expiresAt) => {
      const { version } = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      assert.equal(await store.remove("a"), true);
      assert.equal(current(await store.write("a", bytes(2), { expect: version, expiresAt })), undefined);
      assert.equal(await store.read("a"), undefined);
    });

    test("know a session that was removed and begun anew for another one", async ({ store }, expiresAt) => {
      const old = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      await store.remove("a");
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      assert.equal((await store.write("a", bytes(2), { expect: old.version, expiresAt })).ok, false);
    });

    test("let exactly one of many at once succeed", async (fixture, expiresAt) => {
      const other = (await fixture.another?.()) ?? fixture.store;
      const stores = [fixture.store, other];
      try {
        const { version } = accepted(
          await fixture.store.write("a", bytes(0), { expect: "absent", expiresAt }),
        );
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            present(stores[index % 2]).write("a", bytes(index), { expect: version, expiresAt }),
          ),
        );
        assert.equal(results.filter(({ ok }) => ok).length, 1);
        const creations = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            present(stores[index % 2]).write("b", bytes(index), { expect: "absent", expiresAt }),
          ),
        );
        assert.equal(creations.filter(({ ok }) => ok).length, 1);
      } finally {
        if (other !== fixture.store) await other.close();
      }
    });
  });
}
