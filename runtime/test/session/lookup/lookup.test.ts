import { describe, expect, it } from "vitest";
import { createSessions, type FieldDefinition, type Sessions } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { definition, type Session, start, tag, user, visit } from "../support/fixture.js";

/** Sessions that can be found by their user. */
function setup(hashed = false) {
  const time = { now: start };
  const clock = () => time.now;
  const store = memoryStore({ clock });
  const byUser: FieldDefinition<string | undefined> = {
    ...user,
    indexes: [{ path: "user", name: "user", pick: (value) => value, hashed }],
  };
  // The class reads the definition it was made with, so it stays the same object.
  Object.assign(user, byUser);
  const sessions: Sessions<Session, { user: string }> = createSessions({
    ...definition,
    store,
    clock,
  });
  return { sessions, store, time };
}

/** The same store, which names every session there is, whatever it is asked for. */
function overeager(store: SessionStore, keys: readonly string[]): SessionStore {
  return {
    kind: "overeager",
    read: (...args) => store.read(...args),
    write: (...args) => store.write(...args),
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    close: () => store.close(),
    async *findByIndex() {
      const stored = await Promise.all(keys.map(async (key) => ({ key, stored: await store.read(key) })));
      yield stored.flatMap(({ key, stored }) => (stored ? [{ key, stored, confirmed: false }] : []));
    },
  };
}

const login = (name: string) => (session: Session) => {
  session.user = name;
  session.secret = "s3cret";
};

describe("lookup by field", () => {
  it.each([
    ["as it is", false],
    ["hashed", true],
  ])("finds the sessions of a user, and shows what may be shown: %s", async (_name, hashed) => {
    const { sessions } = setup(hashed);
    await visit(sessions, undefined, login("ada"));
    await visit(sessions, undefined, login("ada"));
    await visit(sessions, undefined, login("eve"));
    const found = await listOf(sessions.findBy("user", "ada"));
    expect(found.map(({ data }) => data)).toEqual([
      { user: "ada", visits: 0, cart: [], log: [] },
      { user: "ada", visits: 0, cart: [], log: [] },
    ]);
    expect(found[0]).toMatchObject({ createdAt: new Date(start), permanent: false });
    expect(await sessions.count("user", "eve")).toBe(1);
    expect(await sessions.count("user", "bob")).toBe(0);
  });

  it("gives a hashed value to the store as a hash", async () => {
    const { sessions, store } = setup(true);
    await visit(sessions, undefined, login("ada"));
    expect(await foundKeys(store, "user", "ada", { application: tag })).toEqual([]);
  });

  it("follows logins and logouts", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, login("ada"));
    const later = await visit(sessions, cookie, login("eve"));
    expect([await sessions.count("user", "ada"), await sessions.count("user", "eve")]).toEqual([0, 1]);
    await visit(sessions, later, (session) => session.$destroy());
    expect(await sessions.count("user", "eve")).toBe(0);
  });

  it("never gives another user's session, whatever the store names", async () => {
    const { sessions, store, time } = setup();
    await visit(sessions, undefined, login("ada"));
    await visit(sessions, undefined, login("eve"));
    const all = createSessions<Session, { user: string }>({
      ...definition,
      store: overeager(store, await keysOf(store)),
      clock: () => time.now,
    });
    expect((await listOf(all.findBy("user", "ada"))).map(({ data }) => data.user)).toEqual(["ada"]);
    expect(await all.destroyBy("user", "ada")).toBe(1);
    expect(await all.count("user", "eve")).toBe(1);
  });

  it("does not find what has ended, absolutely or by being idle", async () => {
    const { sessions, time } = setup();
    await visit(sessions, undefined, login("ada"));
    time.now += 31 * 60_000;
    expect(await sessions.count("user", "ada")).toBe(0);
  });

  it("logs out everywhere, except here", async () => {
    const { sessions } = setup();
    const here = await visit(sessions, undefined, login("ada"));
    const there = await visit(sessions, undefined, login("ada"));
    const session = await sessions.open(here);
    expect(await sessions.destroyBy("user", "ada", { except: session })).toBe(1);
    expect((await sessions.open(here)).user).toBe("ada");
    expect((await sessions.open(there)).$isNew).toBe(true);
  });

  it("refuses what a request under way still writes into a session that was destroyed", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, login("ada"));
    const late = await sessions.open(cookie);
    late.visits += 1;
    expect(await sessions.destroyBy("user", "ada")).toBe(1);
    await expect(late.$commit()).rejects.toMatchObject({ code: "session/gone" });
    expect(await sessions.count("user", "ada")).toBe(0);
  });

  /** The same sessions; `between` happens once a key has been named, and `before` before what is tied to a version. */
  const watched = (
    store: SessionStore,
    time: { now: number },
    hooks: { between?: () => Promise<void>; before?: (key: string) => Promise<void> },
  ) =>
    createSessions<Session, { user: string }>({
      ...definition,
      clock: () => time.now,
      store: {
        ...overeager(store, []),
        async write(key, payload, options) {
          if (!["absent", "any"].includes(options.expect)) await hooks.before?.(key);
          return store.write(key, payload, options);
        },
        async remove(key, options) {
          if (options?.expect !== undefined) await hooks.before?.(key);
          return store.remove(key, options);
        },
        async *findByIndex(...args) {
          for (const session of (await listOf(store.findByIndex?.(...args) ?? [])).flat()) {
            await hooks.between?.();
            yield [session];
          }
        },
      },
    });

  it("destroys a session that moves to a new id whenever it is about to be looked at", async () => {
    const { sessions, store, time } = setup();
    let cookie = await visit(sessions, undefined, login("ada"));
    let moves = 0;
    const between = async () => {
      if (moves < 3) cookie = await visit(sessions, cookie, (session) => session.$regenerate());
      moves += 1;
    };
    expect(await watched(store, time, { between }).destroyBy("user", "ada")).toBe(1);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("destroys a session that first changes, and then moves", async () => {
    const { sessions, store, time } = setup();
    let cookie = await visit(sessions, undefined, login("ada"));
    let named = 0;
    const between = async () => {
      named += 1;
      if (named === 2) cookie = await visit(sessions, cookie, (session) => session.$regenerate());
    };
    let changed = false;
    const before = async () => {
      if (!changed) cookie = await visit(sessions, cookie, (session) => session.$assign({ visits: 1 }));
      changed = true;
    };
    expect(await watched(store, time, { between, before }).destroyBy("user", "ada")).toBe(1);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("says so when others keep changing a session that is to be destroyed", async () => {
    const { sessions, store, time } = setup();
    const cookie = await visit(sessions, undefined, login("ada"));
    const before = async () => {
      await visit(sessions, cookie, (session) => session.$assign({ visits: session.visits + 1 }));
    };
    await expect(watched(store, time, { before }).destroyBy("user", "ada")).rejects.toMatchObject({
      code: "session/conflict",
    });
  });

  it("does not let a session that was destroyed under its coming id be brought back", async () => {
    const { sessions, store, time } = setup();
    const cookie = await visit(sessions, undefined, login("ada"));
    const [old] = await keysOf(store);
    let begun = false;
    const before = async () => {
      if (begun) return;
      begun = true;
      for (const key of await keysOf(store)) if (key !== old) await store.remove(key);
      await visit(sessions, cookie, (session) => session.$assign({ visits: 1 }));
    };
    const moving = await watched(store, time, { before }).open(cookie);
    await moving.$regenerate();
    await expect(moving.$commit()).rejects.toMatchObject({ code: "session/gone" });
    expect(await keysOf(store)).toEqual([old]);
  });

  it("says when there is no such index, or the store has none", async () => {
    const { sessions, store } = setup();
    const wrong = sessions as Sessions<Session, { visits: number }>;
    await expect(wrong.count("visits", 1)).rejects.toMatchObject({ code: "session/no-lookup" });
    const { findByIndex: _, ...rest } = overeager(store, []);
    const without = createSessions<Session, { user: string }>({
      ...definition,
      store: rest,
    });
    await expect(without.count("user", "ada")).rejects.toMatchObject({ code: "session/no-lookup" });
  });
});

async function listOf<T>(iterable: AsyncIterable<T> | readonly T[]): Promise<T[]> {
  const list: T[] = [];
  for await (const item of iterable) list.push(item);
  return list;
}

/** Every key in the store that belongs to a user of these tests. */
async function keysOf(store: SessionStore): Promise<string[]> {
  const found = ["ada", "eve"].map((name) => foundKeys(store, "user", name, { application: tag }));
  return (await Promise.all(found)).flat();
}
