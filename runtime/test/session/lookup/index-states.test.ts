import { describe, expect, it } from "vitest";
import type { IndexNotes, IndexState, SessionEvents } from "../../../src/index.js";
import { indexNotesKey, writeIndexNotes } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { fakeClock } from "../../../src/testing/index.js";
import { keyOf, tag, visit } from "../support/fixture.js";
import { sessionsOf, watched } from "../support/lookup-stores.js";

type Events = SessionEvents["index-not-final"][];

/** An application that has sessions of the older deploy, and what is noted of its index. */
async function world(notes: IndexNotes | undefined, store?: SessionStore) {
  const clock = fakeClock();
  const kept = store ?? memoryStore({ clock });
  const before = sessionsOf(older(kept), { clock });
  const begin = (sessions: typeof before, user: string) =>
    visit(sessions, undefined, (session) => session.$assign({ user }));
  const ada = await begin(before, "ada");
  const note = (changed: IndexNotes) =>
    kept.write(indexNotesKey(tag), writeIndexNotes(changed), {
      expect: "any",
      expiresAt: clock() + 1e9,
      index: { user: null },
    });
  if (notes !== undefined) await note(notes);
  const sessions = sessionsOf(kept, { clock });
  const events: Events = [];
  sessions.on("index-not-final", (event) => events.push(event));
  const own = await begin(sessions, "ada");
  await begin(sessions, "eve");
  return { clock, store: kept, before, sessions, events, ada, own, note, begin };
}

const filled: IndexNotes = { user: { of: "user", state: "filled" } };
const final: IndexNotes = { user: { of: "user", state: "final" } };

describe("an index", () => {
  it("that the application began with is final", async () => {
    const clock = fakeClock();
    const sessions = sessionsOf(memoryStore({ clock }), { clock });
    sessions.on("index-not-final", () => expect.unreachable());
    await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    expect(await sessions.indexState("user")).toBe("final");
    expect(await sessions.count("user", "ada")).toBe(1);
  });

  it("is final, too, if the application begins while somebody asks", async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    let first = true;
    const asking = sessionsOf(
      {
        ...watched(store),
        // Has no notes yet, and by the time the answer arrives the application has begun.
        async read(key) {
          const found = await store.read(key);
          if (first && key === indexNotesKey(tag)) {
            first = false;
            await visit(sessionsOf(store, { clock }), undefined, (session) =>
              session.$assign({ user: "ada" }),
            );
          }
          return found;
        },
      },
      { clock },
    );
    expect(await asking.indexState("user")).toBe("final");
    expect(first).toBe(false);
    expect(await asking.count("user", "ada")).toBe(1);
  });

  it.each<[string, { given: IndexNotes | undefined; want: { state: IndexState; found: number } }]>([
    ["not noted", { given: undefined, want: { state: "open", found: 2 } }],
    ["filled", { given: filled, want: { state: "filled", found: 2 } }],
    ["final", { given: final, want: { state: "final", found: 1 } }],
    [
      "noted as one of another field",
      { given: { user: { of: "account", state: "final" } }, want: { state: "open", found: 2 } },
    ],
    [
      "noted as one of hashes",
      { given: { user: { of: "#user", state: "final" } }, want: { state: "open", found: 2 } },
    ],
  ])("that is %s says so, and what it lacks is found one by one", async (_name, { given, want }) => {
    const { sessions, events } = await world(given);
    expect(await sessions.indexState("user")).toBe(want.state);
    expect(await sessions.count("user", "ada")).toBe(want.found);
    expect((await sessions.list("user", "ada")).length).toBe(want.found);
    if (want.state === "final") expect(events).toEqual([]);
    else {
      expect(events).toHaveLength(2);
      expect(events[0]).toMatchObject({ path: "user", state: want.state, complete: true });
    }
    expect(await sessions.destroyBy("user", "ada")).toBe(want.found);
    expect(await sessions.count("user", "ada")).toBe(0);
    expect(await sessions.count("user", "eve")).toBe(1);
  });

  it("ends nothing that cannot be read and that it does not name", async () => {
    const { sessions, store, clock } = await world(filled);
    const expiresAt = clock() + 1e9;
    await store.write(keyOf("x"), Uint8Array.of(0xc1), { expect: "any", expiresAt, index: { user: null } });
    expect(await sessions.destroyBy("user", "ada")).toBe(2);
    expect(await store.read(keyOf("x"))).toBeDefined();
  });

  it("whose store cannot list sessions says that there may be more, behind what it found", async () => {
    const clock = fakeClock();
    const { sessions, events, ada, own, before } = await world(filled, unlisted(memoryStore({ clock })));
    await expect(sessions.count("user", "ada")).rejects.toMatchObject({ code: "session/index-not-final" });
    await expect(sessions.destroyBy("user", "ada")).rejects.toMatchObject({
      code: "session/index-not-final",
      status: 503,
    });
    expect(events).toEqual([
      { path: "user", state: "filled", looked: 0, complete: false },
      { path: "user", state: "filled", looked: 0, complete: false },
    ]);
    expect((await before.open(own)).user).toBeUndefined();
    expect((await before.open(ada)).user).toBe("ada");
  });

  it("goes through 10,000 sessions and no more", async () => {
    const { sessions, store, events, clock } = await world(filled);
    const expiresAt = clock() + 1e9;
    const write = { expect: "any", expiresAt, index: { user: null } } as const;
    for (let count = 0; count < 10_001; count += 1)
      await store.write(keyOf(`k${count}`), Uint8Array.of(1), write);
    await expect(sessions.count("user", "ada")).rejects.toMatchObject({ code: "session/index-not-final" });
    expect(events[0]?.complete).toBe(false);
    expect(events[0]?.looked).toBeLessThanOrEqual(10_100);
  });

  it("is asked about every 5 seconds", async () => {
    const { sessions, clock, note } = await world(filled);
    expect(await sessions.indexState("user")).toBe("filled");
    await note(final);
    expect(await sessions.indexState("user")).toBe("filled");
    clock.advance(5000);
    expect(await sessions.indexState("user")).toBe("final");
    // It is on no longer: a newer release writes without it.
    await note({});
    clock.advance(5000);
    expect(await sessions.indexState("user")).toBe("open");
  });

  it("finds through the one that it was what an older deploy writes", async () => {
    const { sessions, store, events, clock, begin } = await world({
      user: { of: "user", state: "filled", before: "name" },
    });
    const named = { expect: "any", expiresAt: clock() + 1e6, index: { name: "ada" } } as const;
    const key = keyOf("x");
    await begin(sessions, "bob");
    const payload = (await firstOf(store))?.payload ?? Uint8Array.of();
    await store.write(key, payload, named);
    expect(await sessions.count("user", "ada")).toBeGreaterThanOrEqual(1);
    expect(events.at(-1)).toEqual({ path: "user", state: "filled", looked: 0, complete: true });
  });

  it("of which there is none has no state", async () => {
    const { sessions } = await world(final);
    await expect(sessions.indexState("visits" as never)).rejects.toMatchObject({
      code: "session/no-lookup",
    });
  });
});

/** A store whose sessions nobody can list. */
function unlisted(store: SessionStore): SessionStore {
  return changed(store, { list: undefined });
}

/** The store as a deploy uses it that was made before there was the index. */
function older(store: SessionStore): SessionStore {
  return changed(store, {
    async write(key, payload, { index: _, ...options }) {
      if (key === indexNotesKey(tag)) return { ok: true, version: "none" };
      return store.write(key, payload, options);
    },
  });
}

function changed(
  store: SessionStore,
  parts: { [Name in keyof SessionStore]?: SessionStore[Name] | undefined },
) {
  return new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(parts, name)) return Reflect.get(parts, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function firstOf(store: SessionStore) {
  for await (const [first] of store.findByIndex?.("user", "ada", { application: tag }) ?? [])
    return first?.stored;
  return undefined;
}
