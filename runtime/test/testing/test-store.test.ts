import { AssertionError } from "node:assert";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { fakeClock, testStore } from "../../src/testing/index.js";

/** Replaces operations of a store; what is not named stays. */
function altered(store: SessionStore, change: (store: SessionStore) => Partial<SessionStore>): SessionStore {
  const operations = change(store);
  return new Proxy(store, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(operations, name) ?? Reflect.get(store, name);
      return typeof value === "function" ? value.bind(store) : value;
    },
  });
}

/** Gives the cases of the suite, by their titles, for a store in memory that was altered. */
function casesOf(
  change: (store: SessionStore) => Partial<SessionStore>,
): ReadonlyMap<string, () => Promise<void>> {
  const cases = new Map<string, () => Promise<void>>();
  const groups: string[] = [];
  const framework = {
    describe(name: string, body: () => void) {
      groups.push(name);
      body();
      groups.pop();
    },
    it: (name: string, body: () => Promise<void>) => cases.set([...groups.slice(1), name].join(" "), body),
  };
  testStore(framework, "altered", () => {
    const clock = fakeClock();
    return { store: altered(memoryStore({ clock }), change), now: clock, advance: clock.advance };
  });
  return cases;
}

describe("the suite for stores", () => {
  it("passes a store that does what it must", async () => {
    for (const [, body] of casesOf(() => ({}))) await body();
  });

  it.each<[string, { given: (store: SessionStore) => Partial<SessionStore>; want: string }]>([
    [
      "writes whatever the version is",
      {
        given: (store) => ({
          write: (key, bytes, options) => store.write(key, bytes, { ...options, expect: "any" }),
        }),
        want: "conditional writes replace only what was read",
      },
    ],
    [
      "brings what was removed back",
      {
        given: (store) => ({
          async write(key, bytes, options) {
            const result = await store.write(key, bytes, options);
            return result.ok || result.current
              ? result
              : store.write(key, bytes, { ...options, expect: "any" });
          },
        }),
        want: "conditional writes never bring a removed session back",
      },
    ],
    [
      "begins sessions by touching them",
      {
        given: (store) => ({
          async touch(key, expiresAt, options) {
            const touched = await store.touch(key, expiresAt, options);
            if (touched === "gone") await store.write(key, Uint8Array.of(), { expect: "any", expiresAt });
            return touched;
          },
        }),
        want: "expiry is never begun by touch",
      },
    ],
    [
      "touches what is in another state",
      {
        given: (store) => ({ touch: (key, expiresAt) => store.touch(key, expiresAt) }),
        want: "expiry is moved by touch of an expected state, and of no other",
      },
    ],
    [
      "removes what is in another state",
      {
        given: (store) => ({ remove: (key) => store.remove(key) }),
        want: "removal can be tied to a version",
      },
    ],
    [
      "always says that it removed something",
      {
        given: (store) => ({ remove: (key, options) => store.remove(key, options).then(() => true) }),
        want: "removal says whether there was something",
      },
    ],
    [
      "forgets what sessions are found by",
      {
        given: (store) => ({ write: (key, bytes, { index: _, ...rest }) => store.write(key, bytes, rest) }),
        want: "upkeep of the index names sessions with the state they are in",
      },
    ],
    [
      "finds sessions of other applications",
      {
        given: (store) => ({
          async *findByIndex(index, value, options) {
            for (const application of ["shop", "forum", ""])
              yield* store.findByIndex?.(index, value, { ...options, application }) ?? [];
          },
        }),
        want: "applications do not find each other's sessions by the same value",
      },
    ],
    [
      "sweeps more than it may",
      {
        given: (store) => ({ sweep: async ({ limit: _, ...rest } = {}) => (await store.sweep?.(rest)) ?? 0 }),
        want: "sweep deletes what has expired and nothing else, as many as it may",
      },
    ],
    [
      "works past a deadline",
      {
        given: (store) => ({ read: (key) => store.read(key) }),
        want: "its end an operation past its deadline is refused",
      },
    ],
    [
      "works when it is closed",
      {
        given: () => ({ close: async () => {} }),
        want: "its end closing twice is closing once, and nothing works afterwards",
      },
    ],
  ])("fails one that %s", async (_name, { given, want }) => {
    await expect(casesOf(given).get(want)?.()).rejects.toThrow(AssertionError);
  });
});
