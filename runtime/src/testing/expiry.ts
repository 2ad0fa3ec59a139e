import assert from "node:assert/strict";
import { accepted, bytes, current, HOUR, inTime, present, type Suite } from "./suite.js";

/** Registers the cases of when sessions end, and of how that is moved. */
export function expiry({ describe, test }: Suite): void {
  describe("expiry", () => {
    test("makes a session absent to every operation", async (fixture) => {
      const { store } = fixture;
      const expiresAt = fixture.now() + 100;
      const { version } = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      // To the very millisecond: a session ends at its expiry, not after it.
      await fixture.advance(100);
      assert.equal(await store.read("a"), undefined);
      assert.equal(await store.touch("a", fixture.now() + HOUR), "gone");
      assert.equal(await store.remove("a"), false);
      assert.equal(
        current(await store.write("a", bytes(2), { expect: version, expiresAt: fixture.now() + HOUR })),
        undefined,
      );
      accepted(await store.write("a", bytes(3), { expect: "absent", expiresAt: fixture.now() + HOUR }));
    });

    test("is not early", async (fixture) => {
      await inTime(fixture, 2000, async (expiresAt) => {
        accepted(await fixture.store.write("a", bytes(1), { expect: "absent", expiresAt }));
        await fixture.advance(100);
        present(await fixture.store.read("a"));
      });
    });

    test("is moved by touch, which keeps payload and version", async (fixture) => {
      const { store } = fixture;
      const later = fixture.now() + HOUR;
      const [version, ends] = await inTime(fixture, 300, async (expiresAt) => {
        const written = accepted(await store.write("a", bytes(7), { expect: "absent", expiresAt }));
        assert.equal(await store.touch("a", later), "touched");
        return [written.version, expiresAt] as const;
      });
      await fixture.advance(Math.max(0, ends - fixture.now()) + 1);
      const stored = present(await store.read("a"));
      assert.deepEqual(new Uint8Array(stored.payload), bytes(7));
      assert.deepEqual([stored.version, stored.expiresAt], [version, later]);
    });

    test("is moved by touch to an earlier time, too", async (fixture, expiresAt) => {
      await inTime(fixture, 50, async (soon) => {
        accepted(await fixture.store.write("a", bytes(1), { expect: "any", expiresAt }));
        assert.equal(await fixture.store.touch("a", soon), "touched");
      });
      await fixture.advance(51);
      assert.equal(await fixture.store.read("a"), undefined);
    });

    test("is moved by touch of an expected state, and of no other", async (fixture, expiresAt) => {
      const { store } = fixture;
      const first = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt }));
      assert.equal(await store.touch("a", expiresAt + 1000, { expect: first.version }), "touched");
      const second = accepted(await store.write("a", bytes(2), { expect: first.version, expiresAt }));
      assert.equal(await store.touch("a", expiresAt + HOUR, { expect: first.version }), "changed");
      const stored = present(await store.read("a"));
      assert.deepEqual([stored.version, stored.expiresAt], [second.version, expiresAt]);
      assert.equal(await store.touch("a", expiresAt + HOUR, { expect: second.version }), "touched");
      assert.equal(present(await store.read("a")).expiresAt, expiresAt + HOUR);
      await store.remove("a");
      assert.equal(await store.touch("a", expiresAt, { expect: second.version }), "gone");
      assert.equal(await store.read("a"), undefined);
    });

    test("of what took a session's place is not moved by who touches the session", async (fixture, expiresAt) => {
      const { store } = fixture;
      const trace = await inTime(fixture, 300, async (soon) => {
        const session = accepted(await store.write("a", bytes(1), { expect: "any", expiresAt }));
        // As a session leaves a trace of itself for a moment.
        accepted(await store.write("a", bytes(), { expect: session.version, expiresAt: soon }));
        assert.equal(await store.touch("a", expiresAt, { expect: session.version }), "changed");
        return soon;
      });
      await fixture.advance(Math.max(0, trace - fixture.now()) + 5);
      assert.equal(await store.read("a"), undefined);
    });

    test("is never begun by touch", async ({ store }, expiresAt) => {
      assert.equal(await store.touch("nobody", expiresAt), "gone");
      assert.equal(await store.read("nobody"), undefined);
    });
  });
}
