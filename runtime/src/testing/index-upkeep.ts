import assert from "node:assert/strict";
import type { IndexedSession, SessionStore } from "../stores/store.js";
import { accepted, bytes, type Suite } from "./suite.js";

const NONE = { user_id: null, tenant: null };
const ADA = { user_id: "ada", tenant: null };
const EVE = { user_id: "eve", tenant: null };

/**
 * Registers the cases of what lookups say of sessions that change, and of what is left of those
 * that end.
 */
export function indexUpkeep({ describe, test }: Suite): void {
  const pages = async (store: SessionStore, user: string): Promise<(readonly IndexedSession[])[]> => {
    const all: (readonly IndexedSession[])[] = [];
    for await (const page of store.findByIndex?.("user_id", user, { application: "" }) ?? []) all.push(page);
    return all;
  };
  const found = async (store: SessionStore, user: string): Promise<readonly IndexedSession[]> =>
    (await pages(store, user)).flat();
  /**
   * Those of which the backend itself says that they have the value; without saying so, it may name
   * others.
   */
  const confirmed = async (store: SessionStore, user: string): Promise<string[]> =>
    (await found(store, user)).filter((session) => session.confirmed).map(({ key }) => key);

  describe("upkeep of the index", () => {
    test("names sessions with the state they are in", async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index: ADA }));
      const { version } = accepted(
        await store.write("a", bytes(2, 3), { expect: "any", expiresAt, index: ADA }),
      );
      const [session, another] = await found(store, "ada");
      assert.equal(another, undefined);
      assert.deepEqual(new Uint8Array(session?.stored.payload ?? []), bytes(2, 3));
      assert.deepEqual([session?.key, session?.stored.version], ["a", version]);
      assert.equal(session?.stored.expiresAt, expiresAt);
    });

    test("gives the beginnings of the same sessions, each once", async ({ store }, expiresAt) => {
      if (store.findBeginnings === undefined) return;
      const long = bytes(...Array.from({ length: 200 }, (_, number) => number));
      accepted(await store.write("a", long, { expect: "absent", expiresAt, index: ADA }));
      accepted(await store.write("b", bytes(1, 2), { expect: "absent", expiresAt, index: ADA }));
      accepted(await store.write("c", bytes(3), { expect: "absent", expiresAt, index: EVE }));
      accepted(await store.write("d", bytes(4), { expect: "absent", expiresAt, index: ADA }));
      accepted(await store.write("d", bytes(5), { expect: "any", expiresAt, index: NONE }));
      accepted(await store.write("e", bytes(6), { expect: "absent", expiresAt, index: ADA }));
      await store.remove("e");
      const all: [key: string, beginning: Uint8Array][] = [];
      for await (const page of store.findBeginnings("user_id", "ada", { application: "", bytes: 64 }))
        all.push(...page.map(({ key, beginning }): [string, Uint8Array] => [key, beginning]));
      all.sort(([one], [other]) => (one < other ? -1 : 1));
      assert.deepEqual(
        all.map(([key]) => key),
        ["a", "b"],
      );
      // More than was asked for does no harm, of what a backend has to read anyway.
      assert.deepEqual(new Uint8Array(all[0]?.[1].slice(0, 64) ?? []), long.slice(0, 64));
      assert.deepEqual(new Uint8Array(all[1]?.[1] ?? []), bytes(1, 2));
    });

    test("gives hundreds in pages that are not large", async ({ store }, expiresAt) => {
      const keys = Array.from({ length: 250 }, (_, number) => `k${number}`);
      await Promise.all(
        keys.map((key) => store.write(key, bytes(1), { expect: "absent", expiresAt, index: ADA })),
      );
      const all = await pages(store, "ada");
      assert.ok(Math.max(...all.map((page) => page.length)) <= 500, "a page should have some 100 sessions");
      assert.deepEqual(
        all
          .flat()
          .map(({ key }) => key)
          .sort(),
        keys.sort(),
      );
    });

    test("confirms no value that the state has no more", async ({ store }, expiresAt) => {
      accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index: ADA }));
      accepted(await store.write("a", bytes(2), { expect: "any", expiresAt, index: EVE }));
      assert.deepEqual(await confirmed(store, "ada"), []);
      assert.deepEqual(
        (await found(store, "eve")).map(({ key }) => key),
        ["a"],
      );
      accepted(await store.write("a", bytes(3), { expect: "any", expiresAt, index: NONE }));
      assert.deepEqual(await confirmed(store, "eve"), []);
    });

    test("forgets what is removed, though its key is used again", async ({ store }, expiresAt) => {
      const { version } = accepted(
        await store.write("a", bytes(1), { expect: "absent", expiresAt, index: ADA }),
      );
      assert.equal(await store.remove("a", { expect: version }), true);
      assert.deepEqual(await found(store, "ada"), []);
      accepted(await store.write("a", bytes(2), { expect: "absent", expiresAt, index: NONE }));
      assert.deepEqual(await confirmed(store, "ada"), []);
      accepted(await store.write("a", bytes(2), { expect: "any", expiresAt, index: ADA }));
      assert.deepEqual(
        (await found(store, "ada")).map(({ key }) => key),
        ["a"],
      );
    });

    test("forgets what is replaced by a trace, which is found by nothing", async ({ store }, expiresAt) => {
      const { version } = accepted(
        await store.write("a", bytes(1), { expect: "absent", expiresAt, index: ADA }),
      );
      const trace = { expect: version, expiresAt: expiresAt - 1000, index: NONE };
      accepted(await store.write("a", bytes(), trace));
      assert.deepEqual(await confirmed(store, "ada"), []);
      assert.equal(await store.touch("a", expiresAt, { expect: version, index: ADA }), "changed");
      // What is written without values leaves alone what there is: nothing.
      accepted(await store.write("a", bytes(2), { expect: "any", expiresAt }));
      assert.deepEqual(await confirmed(store, "ada"), []);
    });

    test("leaves alone what a write says that it keeps", async ({ store }, expiresAt) => {
      const both = { user_id: "ada", tenant: "t" };
      const first = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index: both }));
      const keeps = { index: { tenant: "u" }, keeps: ["user_id"] };
      const next = { expect: first.version, expiresAt, ...keeps };
      const second = accepted(await store.write("a", bytes(2), next));
      assert.deepEqual(await store.write("a", bytes(9), next).then(({ ok }) => ok), false);
      const [session] = await found(store, "ada");
      assert.deepEqual([session?.key, session?.stored.version], ["a", second.version]);
      accepted(await store.write("a", bytes(3), { expect: second.version, expiresAt, index: NONE }));
      assert.deepEqual(await confirmed(store, "ada"), []);
    });

    test("is not undone by a removal or a touch that is refused", async ({ store }, expiresAt) => {
      const first = accepted(await store.write("a", bytes(1), { expect: "absent", expiresAt, index: EVE }));
      accepted(await store.write("a", bytes(2), { expect: first.version, expiresAt, index: ADA }));
      assert.equal(await store.remove("a", { expect: first.version }), false);
      assert.equal(
        await store.touch("a", expiresAt + 1000, { expect: first.version, index: EVE }),
        "changed",
      );
      assert.deepEqual(
        (await found(store, "ada")).map(({ key }) => key),
        ["a"],
      );
      assert.deepEqual(await confirmed(store, "eve"), []);
    });
  });
}
