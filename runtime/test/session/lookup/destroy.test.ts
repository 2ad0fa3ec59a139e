import { describe, expect, it, vi } from "vitest";
import {
  encryptWith,
  type FieldDefinition,
  type SessionEvents,
  type SessionsOptions,
} from "../../../src/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { IndexedSession, SessionStore } from "../../../src/stores/store.js";
import { type FakeClock, fakeClock } from "../../../src/testing/index.js";
import { field } from "../support/field.js";
import { fields as definition, isString, visit } from "../support/fixture.js";
import {
  hasRedis,
  newPrefix,
  redisOf,
  sessionsOf,
  stores,
  temporary,
  watched,
} from "../support/lookup-stores.js";

const secret = (letter: string): Partial<SessionsOptions> => ({
  encryption: encryptWith({ secrets: [letter.repeat(32)], payload: true }),
});

/** A newer version of the schema, which has the user in another slot than the one of these tests. */
const moved: FieldDefinition<string | undefined> = field(9, "user", isString, {
  indexes: [{ path: "user", name: "user", pick: (value) => value }],
});
const newer: Partial<SessionsOptions> = {
  fields: [...definition.filter(({ name }) => name !== "user"), moved as FieldDefinition],
};

/** Who wrote the session, and who looks for it and cannot read it. */
const unread: readonly (readonly [
  string,
  { writer: Partial<SessionsOptions>; reader: Partial<SessionsOptions> },
])[] = [
  ["with another secret", { writer: secret("a"), reader: secret("b") }],
  [
    "with a serializer of the application's own",
    {
      writer: {
        serializer: {
          encode: (value: unknown) => Buffer.from(JSON.stringify(value)),
          decode: (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()),
        },
      },
      reader: {},
    },
  ],
  ["by a newer version of the schema", { writer: newer, reader: {} }],
];

/** The events of a name. */
function listen<E extends keyof SessionEvents>(
  sessions: ReturnType<typeof sessionsOf>,
  name: E,
): SessionEvents[E][] {
  const events: SessionEvents[E][] = [];
  sessions.on(name, (event) => events.push(event));
  return events;
}

/** The session of a version of the schema whose class does not have its field. */
async function begin(sessions: ReturnType<typeof sessionsOf>, name: string): Promise<string> {
  return visit(sessions, undefined, (session) => session.$assign({ user: name }));
}

/** A store that names what it is asked for, and cannot say whether it is still true. */
function unsure(store: SessionStore, also: readonly string[] = []): SessionStore {
  return {
    ...watched(store),
    async *findByIndex(index, value, options) {
      for (const name of [value, ...also])
        for await (const page of store.findByIndex?.(index, name, options) ?? [])
          yield page.map((session): IndexedSession => ({ ...session, confirmed: false }));
    },
  };
}

describe.each(stores)("destroyBy on %s", (_name, open) => {
  it.each(unread)("ends what was written %s", async (_what, { writer, reader }) => {
    const clock = fakeClock();
    const store = await open(clock);
    const [writing, reading] = [writer, reader].map((options) => sessionsOf(store, { ...options, clock }));
    if (writing === undefined || reading === undefined) throw new Error("two of them");
    const ada = await begin(writing, "ada");
    const eve = await begin(writing, "eve");
    const destroyed = listen(reading, "destroyed");
    expect(await reading.count("user", "ada")).toBe(1);
    expect((await reading.list("user", "ada")).map(({ createdAt }) => createdAt)).toEqual([undefined]);
    expect(await reading.destroyBy("user", "ada")).toBe(1);
    expect(destroyed).toEqual([{ by: "lookup", unread: true }]);
    expect((await writing.open(ada)).$isNew).toBe(true);
    expect((await writing.open(eve)).$isNew).toBe(false);
    expect(await reading.destroyBy("user", "ada")).toBe(0);
  });

  it("ends what cannot be read and nobody can confirm, too, and shows it to nobody", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const writing = sessionsOf(store, { ...secret("a"), clock });
    const reading = sessionsOf(unsure(store), { ...secret("b"), clock });
    const ada = await begin(writing, "ada");
    const eve = await begin(writing, "eve");
    const destroyed = listen(reading, "destroyed");
    expect(await reading.count("user", "ada")).toBe(0);
    expect(await reading.list("user", "ada")).toEqual([]);
    expect(await reading.destroyBy("user", "ada")).toBe(1);
    expect(destroyed).toEqual([{ by: "lookup", unread: true }]);
    expect([(await writing.open(ada)).$isNew, (await writing.open(eve)).$isNew]).toEqual([true, false]);
  });

  it("leaves what says itself that it is somebody else's, whatever the store names", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const sessions = sessionsOf(unsure(store, ["eve"]), { clock });
    await begin(sessions, "ada");
    const eve = await begin(sessions, "eve");
    expect(await sessions.destroyBy("user", "ada")).toBe(1);
    expect((await sessions.open(eve)).user).toBe("eve");
  });

  it("takes a page at a time, and reads nothing twice", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    for (let begun = 0; begun < 250; begun += 1) await begin(sessions, "ada");
    const eve = await begin(sessions, "eve");
    const { read, find } = store.counts;
    expect(await sessions.destroyBy("user", "ada")).toBe(250);
    expect(store.counts.remove).toBe(250);
    // How far the index is, and no session.
    expect(store.counts.read - read).toBe(1);
    // Some pages with sessions in them, and the look that finds nothing any more.
    expect(store.counts.find - find).toBeLessThanOrEqual(250 / 50 + 1);
    expect((await sessions.open(eve)).user).toBe("eve");
  });

  it("leaves no trace, and refuses what a request under way still writes", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    const cookie = await begin(sessions, "ada");
    const key = store.written.at(-1) ?? "";
    const [writing, moving] = [await sessions.open(cookie), await sessions.open(cookie)];
    writing.visits += 1;
    await moving.$regenerate();
    expect(await store.read(key)).toBeDefined();
    expect(await sessions.destroyBy("user", "ada")).toBe(1);
    expect(await store.read(key)).toBeUndefined();
    await expect(writing.$commit()).rejects.toMatchObject({ code: "session/gone" });
    await expect(moving.$commit()).rejects.toMatchObject({ code: "session/gone" });
    expect(await sessions.count("user", "ada")).toBe(0);
  });
});

it("a session that moves between the reading of the index and its own is looked for again", async () => {
  const clock = fakeClock();
  const memory = memoryStore({ clock });
  const sessions = sessionsOf(memory, { clock });
  let cookie = await begin(sessions, "ada");
  let moves = 0;
  // As a store that reads one after the other: the key that it has read leads to nothing by then.
  const admin = sessionsOf(
    {
      ...watched(memory),
      async *findByIndex(index, value, options) {
        for await (const page of memory.findByIndex?.(index, value, options) ?? []) {
          if (moves < 3) cookie = await visit(sessions, cookie, (session) => session.$regenerate());
          moves += 1;
          const named = page.map(async ({ key, ...rest }) => {
            const stored = await memory.read(key);
            if (stored?.version !== rest.stored.version) return options.onGone?.(key);
            return { key, ...rest };
          });
          yield (await Promise.all(named)).filter((session) => session !== undefined);
        }
      },
    },
    { clock },
  );
  expect(await admin.destroyBy("user", "ada")).toBe(1);
  expect(moves).toBe(4);
  expect((await sessions.open(cookie)).$isNew).toBe(true);
});

/** A turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A store every operation of which takes a turn of the event loop, and whose pages are three turns
 * on their way: everything happens in a fixed order, as on a connection that all of them share.
 */
function inTurns(store: SessionStore): SessionStore {
  return {
    ...watched(store),
    read: (...args) => turn().then(() => store.read(...args)),
    write: (...args) => turn().then(() => store.write(...args)),
    remove: (...args) => turn().then(() => store.remove(...args)),
    async *findByIndex(...args) {
      for await (const page of store.findByIndex?.(...args) ?? []) {
        for (let turns = 0; turns < 3; turns += 1) await turn();
        yield page;
      }
    },
  };
}

describe("a client that keeps regenerating in step with the passes", () => {
  // As many turns as a pass takes: one that begins in the wrong one of them would always come too late.
  it.each([0, 1, 2, 3])("is caught: %i turns behind", async (behind) => {
    const clock = fakeClock();
    // Enough passes that chance is not to blame: without a pause it would be too late in each of them.
    const sessions = sessionsOf(inTurns(memoryStore({ clock })), { clock, maxConflicts: 100 });
    let cookie = await begin(sessions, "ada");
    let isOver = false;
    const client = (async () => {
      for (;;) {
        await turn();
        const session = await sessions.open(cookie);
        if (session.$isNew || isOver) return;
        await session.$regenerate();
        const [set] = await session.$commit().catch(() => []);
        if (set !== undefined) cookie = set.slice(0, set.indexOf(";"));
      }
    })();
    for (let turns = 0; turns < behind; turns += 1) await turn();
    const removed = await sessions.destroyBy("user", "ada").finally(() => {
      isOver = true;
    });
    await client;
    expect(removed).toBeGreaterThanOrEqual(1);
    expect(await sessions.count("user", "ada")).toBe(0);
  });
});

/** What several processes work on: gives what each of them opens. */
const shared: readonly (readonly [string, (clock: FakeClock) => () => SessionStore])[] = [
  [
    "files, from another process",
    (clock) => {
      const directory = temporary();
      return () => fileStore({ directory, clock });
    },
  ],
  [
    "redis, on the same connection",
    (clock) => {
      const store = redisOf(newPrefix(), clock);
      return () => store;
    },
  ],
  [
    "redis, from another process",
    (clock) => {
      const prefix = newPrefix();
      return () => redisOf(prefix, clock);
    },
  ],
];

describe("four clients that keep regenerating", () => {
  const there = shared.filter(([name]) => hasRedis || !name.startsWith("redis"));
  it.each(there)("do not hold destroyBy up on %s: it costs what is alive", async (_name, place) => {
    const clock = fakeClock();
    const open = place(clock);
    const sessions = sessionsOf(open(), { clock });
    let moves = 0;
    const regenerate = async (): Promise<void> => {
      let cookie = await begin(sessions, "ada");
      for (;;) {
        const session = await sessions.open(cookie);
        if (session.$isNew) return;
        await session.$regenerate();
        // The session has ended under the request: the next one finds nothing.
        const [set] = await session.$commit().catch(() => []);
        if (set !== undefined) cookie = set.slice(0, set.indexOf(";"));
        moves += 1;
      }
    };
    const clients = Array.from({ length: 4 }, regenerate);
    await vi.waitUntil(() => moves >= 500, { interval: 1, timeout: 120_000 });
    const store = watched(open());
    const admin = sessionsOf(store, { clock });
    const removed = await admin.destroyBy("user", "ada");
    await Promise.all(clients);
    expect(removed).toBeGreaterThanOrEqual(4);
    expect(await sessions.count("user", "ada")).toBe(0);
    const { find, remove, read } = store.counts;
    // Each pass is one page of the 4 that live, and up to 4 under their next id; none of the 500 that were.
    expect(find).toBeLessThanOrEqual(33);
    expect(remove).toBeLessThanOrEqual(find * 8);
    // The epoch, and how far the index is.
    expect(read).toBeLessThanOrEqual(2);
  });
});
