import assert from "node:assert/strict";
import type { SessionStore, StoredSession, WriteResult } from "../stores/store.js";
import { foundKeys } from "./found-keys.js";

/** What vitest, `node:test` and jest have in common. */
export interface TestFramework {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/** A store under test. */
export interface StoreFixture {
  readonly store: SessionStore;
  /** The time by the store's clock, in milliseconds since the Unix epoch. */
  now(): number;
  /** Lets time pass: moves a fake clock, or really waits. */
  advance(milliseconds: number): Promise<void> | void;
  /** Another connection to the same sessions, if the backend has such; closed by the suite. */
  another?(): Promise<SessionStore> | SessionStore;
}

/** What a backend cannot do, with the reason. */
export interface Unsupported {
  /** The backend deletes expired sessions by itself. */
  readonly sweep?: string;
  /** The backend cannot find sessions by a field. */
  readonly index?: string;
  /** The backend's limit for one session is below a megabyte. */
  readonly large?: string;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const HOUR = 3_600_000;

/**
 * The conformance suite: what every session store must do. Run it with your test framework on the real backend.
 *
 * @param framework - `{ describe, it }` of vitest, `node:test` or jest
 * @param name - the store's name, for the report
 * @param create - makes a store without sessions, or with a prefix of its own; called once per case
 */
export function testStore(
  { describe, it }: TestFramework,
  name: string,
  create: () => Promise<StoreFixture> | StoreFixture,
  unsupported: Unsupported = {},
): void {
  /** Registers a case: a fresh store, closed afterwards whatever happens. */
  const test = (title: string, body: (fixture: StoreFixture, expiresAt: number) => Promise<void>): void => {
    it(title, async () => {
      const fixture = await create();
      try {
        await body(fixture, fixture.now() + HOUR);
      } finally {
        await fixture.store.close();
      }
    });
  };

  describe(`${name} as a session store`, () => {
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
      if (unsupported.large === undefined) {
        test("keeps a megabyte", async ({ store }, expiresAt) => {
          accepted(await store.write("a", large, { expect: "absent", expiresAt }));
          assert.deepEqual(new Uint8Array(present(await store.read("a")).payload), large);
        });
      } else {
        test(`refuses a megabyte: ${unsupported.large}`, async ({ store }, expiresAt) => {
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

      test("is never begun by touch", async ({ store }, expiresAt) => {
        assert.equal(await store.touch("nobody", expiresAt), "gone");
        assert.equal(await store.read("nobody"), undefined);
      });
    });

    if (unsupported.index === undefined) {
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
    });

    if (unsupported.sweep === undefined) {
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
    } else {
      test(`has no sweep: ${unsupported.sweep}`, async ({ store }) => {
        assert.equal(store.sweep, undefined);
      });
    }

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
  });
}

/**
 * Does what must be done before a session of a short life ends. Where time is real, a slow machine may come too late: then a
 * failure says nothing, and it is done again with a longer life.
 */
async function inTime<T>(
  fixture: StoreFixture,
  life: number,
  act: (expiresAt: number) => Promise<T>,
): Promise<T> {
  const expiresAt = fixture.now() + life;
  try {
    return await act(expiresAt);
  } catch (error) {
    if (fixture.now() < expiresAt || life >= HOUR) throw error;
    return inTime(fixture, life * 4, act);
  }
}

function accepted(result: WriteResult): { readonly version: string } {
  assert.equal(result.ok, true, "the write should have been accepted");
  return result as Extract<WriteResult, { ok: true }>;
}

function current(result: WriteResult): StoredSession | undefined {
  assert.equal(result.ok, false, "the write should have been refused");
  return (result as Extract<WriteResult, { ok: false }>).current;
}

function present<T>(value: T | undefined): T {
  assert.notEqual(value, undefined, "there should be a session");
  return value as T;
}

async function rejects(operation: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.equal(error instanceof Error && "code" in error ? error.code : error, code);
    return true;
  });
}
