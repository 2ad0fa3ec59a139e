import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { storedSessions } from "../../../src/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { fakeClock } from "../../../src/testing/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import { application, fields, history, isEpoch, setup, visit } from "../support/fixture.js";
import { sessionsOf, stores, watched } from "../support/lookup-stores.js";

type Application = ReturnType<typeof sessionsOf>;

const login = (sessions: Application, name = "ada"): Promise<string> =>
  visit(sessions, undefined, (session) => session.$assign({ user: name }));

describe.each(stores)("revokeAll on %s", (_name, open) => {
  it("ends every session at once in this process, and within 5 seconds in others", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const [here, there] = [sessionsOf(store, { clock }), sessionsOf(store, { clock })];
    const cookies = [await login(here), await login(there, "eve")];
    const states = (sessions: Application) =>
      Promise.all(cookies.map(async (cookie) => (await sessions.open(cookie)).user));
    expect(await states(there)).toEqual(["ada", "eve"]);
    const expired: unknown[] = [];
    here.on("expired", (event) => expired.push(event));
    const revoked: unknown[] = [];
    here.on("revoked-all", (event) => revoked.push(event));
    await here.revokeAll();
    expect(await states(here)).toEqual([undefined, undefined]);
    expect(expired).toEqual([{ reason: "revoked" }, { reason: "revoked" }]);
    expect(revoked).toEqual([{}]);
    clock.advance(5000);
    expect(await states(there)).toEqual([undefined, undefined]);
    // Who logs in now stays, in either process.
    const later = await login(here);
    expect((await there.open(later)).user).toBe("ada");
    expect((await here.open(later)).user).toBe("ada");
  });

  it("does not take a session of the new epoch for an old one, although the process knows the old epoch", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const [here, there] = [sessionsOf(store, { clock }), sessionsOf(store, { clock })];
    await there.open(await login(here));
    await here.revokeAll();
    const later = await login(here);
    expect((await there.open(later)).user).toBe("ada");
  });

  it("refuses what a request under way still writes, also under a new id", async () => {
    const clock = fakeClock();
    const sessions = sessionsOf(await open(clock), { clock });
    const cookie = await login(sessions);
    const [writing, moving] = [await sessions.open(cookie), await sessions.open(cookie)];
    await sessions.revokeAll();
    writing.visits += 1;
    await moving.$regenerate();
    await expect(writing.$commit()).rejects.toMatchObject({ code: "session/gone" });
    await expect(moving.$commit()).rejects.toMatchObject({ code: "session/gone" });
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("is not survived by a session that another process writes, or moves, before it knows", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const [here, there] = [sessionsOf(store, { clock }), sessionsOf(store, { clock })];
    const cookies = [await login(here), await login(here)];
    await there.open(cookies[0]);
    await here.revokeAll();
    const written = await visit(there, cookies[0], (session) => session.$assign({ visits: 2 }));
    const moved = await visit(there, cookies[1], (session) => session.$regenerate());
    clock.advance(5000);
    for (const cookie of [written, moved])
      for (const sessions of [here, there]) expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("logs everybody out when it is lost, and whoever logs in then stays", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions);
    await store.remove(store.written.find((key) => key.endsWith(".epoch")) ?? "");
    clock.advance(5000);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    const later = await login(sessions);
    clock.advance(5000);
    expect((await sessions.open(later)).user).toBe("ada");
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("is made once, by however many processes begin at once", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const processes = Array.from({ length: 5 }, () => sessionsOf(store, { clock }));
    const cookies = await Promise.all(processes.flatMap((one) => [login(one), login(one)]));
    for (const cookie of cookies) {
      const opened = await Promise.all(processes.map((one) => one.open(cookie)));
      expect(opened.map(({ user }) => user)).toEqual(processes.map(() => "ada"));
    }
  });

  it("costs no round trip of its own: it is read beside a session, once in 5 seconds", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const cookie = await login(sessionsOf(store, { clock }));
    const sessions = sessionsOf(store, { clock });
    const reads = async (): Promise<number> => {
      const before = store.counts.read;
      expect((await sessions.open(cookie)).user).toBe("ada");
      return store.counts.read - before;
    };
    expect([await reads(), await reads(), await reads()]).toEqual([2, 1, 1]);
    clock.advance(4999);
    expect(await reads()).toBe(1);
    clock.advance(1);
    expect([await reads(), await reads()]).toEqual([2, 1]);
  });

  it("is known to counts, lists, lookups and tools, to which it is no session itself", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    await login(sessions);
    const key = store.written.at(-1) ?? "";
    const epoch = store.written.find((key) => key.endsWith(".epoch")) ?? "";
    const tools = storedSessions({ application, history, fields, store, clock });
    expect(await tools.read(key)).toBeDefined();
    expect(await tools.read(epoch)).toBeUndefined();
    await tools.revokeAll();
    clock.advance(5000);
    expect(await tools.read(key)).toBeUndefined();
    expect(await sessions.count("user", "ada")).toBe(0);
    expect(await sessions.list("user", "ada")).toEqual([]);
    expect(await sessions.destroyBy("user", "ada")).toBe(0);
    const found: unknown[] = [];
    for await (const session of sessions.findBy("user", "ada")) found.push(session);
    for await (const session of tools.findBy("user", "ada")) found.push(session);
    expect(found).toEqual([]);
  });

  it("ends one kind of sessions, and leaves others in the same store", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const [shop, office] = ["shop", "office"].map((name) => sessionsOf(store, { clock, name }));
    if (shop === undefined || office === undefined) throw new Error("two of them");
    const cookies = [await login(shop), await login(office)];
    await shop.revokeAll();
    clock.advance(5000);
    expect((await shop.open(cookies[0])).$isNew).toBe(true);
    expect((await office.open(cookies[1])).user).toBe("ada");
  });

  it("keeps its record for as long as the application is in use", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    await login(sessions);
    const epoch = store.written.find((key) => key.endsWith(".epoch")) ?? "";
    clock.advance(300 * 24 * 60 * 60_000);
    await login(sessions);
    const half = (await store.read(epoch))?.expiresAt ?? 0;
    await expect
      .poll(async () => (await store.read(epoch))?.expiresAt)
      .toBeGreaterThan(clock() + 399 * 24 * 60 * 60_000);
    expect(half).toBeGreaterThan(clock());
  });
});

it("the epoch stays where the oldest sessions make room for new ones", async () => {
  const directory = mkdtempSync(join(tmpdir(), "sessgen-epoch-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = fakeClock();
  const stores = [memoryStore({ clock, maxEntries: 4 }), fileStore({ directory, clock, maxEntries: 4 })];
  for (const store of stores) {
    const sessions = sessionsOf(store, { clock });
    let cookie = await login(sessions);
    for (let begun = 0; begun < 20; begun += 1) {
      clock.advance(5000);
      expect((await sessions.open(cookie)).user, store.kind).toBe("ada");
      cookie = await login(sessions);
    }
  }
});

describe("revokeAll", () => {
  it("says so where the epoch cannot be written, and nobody takes that for done", async () => {
    const clock = fakeClock();
    const inner = memoryStore({ clock });
    let down = false;
    const store: SessionStore = {
      ...watched(inner),
      async write(key, ...rest) {
        if (down && isEpoch(key)) throw new Error("down");
        return inner.write(key, ...rest);
      },
    };
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions);
    down = true;
    await expect(sessions.revokeAll()).rejects.toMatchObject({ code: "store/unavailable" });
    expect((await sessions.open(cookie)).user).toBe("ada");
    down = false;
    await sessions.revokeAll();
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("counts as done when the answer alone was lost", async () => {
    const clock = fakeClock();
    const inner = memoryStore({ clock });
    let down = false;
    const store: SessionStore = {
      ...watched(inner),
      async write(...args) {
        const result = await inner.write(...args);
        if (down && isEpoch(args[0])) throw new Error("no answer");
        return result;
      },
    };
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions);
    down = true;
    await expect(sessions.revokeAll()).rejects.toMatchObject({ code: "store/unavailable" });
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("fails the request whose epoch cannot be read, as a session that cannot be", async () => {
    const clock = fakeClock();
    const inner = memoryStore({ clock });
    let down = false;
    const store: SessionStore = {
      ...watched(inner),
      async read(key, ...rest) {
        if (down && isEpoch(key)) throw new Error("down");
        return inner.read(key, ...rest);
      },
    };
    const sessions = sessionsOf(store, { clock });
    const nulls = sessionsOf(store, { clock, onStoreError: "null-session" });
    const cookie = await login(sessions);
    down = true;
    clock.advance(5000);
    await expect(sessions.open(cookie)).rejects.toMatchObject({ code: "store/unavailable" });
    expect((await nulls.open(cookie)).$isNull).toBe(true);
    // A request that has no session needs none.
    expect((await sessions.open(undefined)).$isNew).toBe(true);
    down = false;
    expect((await sessions.open(cookie)).user).toBe("ada");
  });

  it("makes anew what is no epoch, as if it were lost", async () => {
    const clock = fakeClock();
    const store = watched(memoryStore({ clock }));
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions);
    const epoch = store.written.find((key) => key.endsWith(".epoch")) ?? "";
    await store.write(epoch, Uint8Array.of(0xc1, 1), { expect: "any", expiresAt: clock() + 60_000 });
    clock.advance(5000);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    const later = await login(sessions);
    clock.advance(5000);
    expect((await sessions.open(later)).user).toBe("ada");
  });

  it("ends what another program began without an epoch, if it is older", async () => {
    const clock = fakeClock();
    const store = watched(memoryStore({ clock }));
    const sessions = sessionsOf(store, { clock, serializer: "json" });
    const cookie = await login(sessions);
    const key = store.written.at(-1) ?? "";
    const without = async (createdAt: number): Promise<void> => {
      const document = { $createdAt: createdAt, user: "ada" };
      const payload = Buffer.from(JSON.stringify(document));
      await store.write(key, payload, { expect: "any", expiresAt: clock() + 60_000 });
    };
    await without(clock());
    expect((await sessions.open(cookie)).user).toBe("ada");
    await sessions.revokeAll();
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    clock.advance(2000);
    await without(clock());
    expect((await sessions.open(cookie)).user).toBe("ada");
  });

  it("is refused where sessions travel in cookies, and where the store has no writes for it", async () => {
    const { sessions } = setup({ store: cookieStore({ secrets: ["s".repeat(32)] }) });
    await expect(sessions.revokeAll()).rejects.toMatchObject({ code: "session/no-revoke-all" });
    const foreign: SessionStore = { ...watched(memoryStore()), atomic: false };
    const others = sessionsOf(foreign);
    await expect(others.revokeAll()).rejects.toMatchObject({ code: "session/no-revoke-all" });
    // They go on without an epoch.
    const cookie = await login(others);
    expect((await others.open(cookie)).user).toBe("ada");
  });
});
