import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { type Fault, faulty } from "../support/faults.js";
import { cookieHeader, type Session, setup, start, visit } from "../support/fixture.js";

/** Requests of one process with one session; what they change is saved by all at once. */
async function several(count: number, options: Parameters<typeof setup>[0] = {}) {
  const inner = memoryStore({ clock: () => start });
  const { store, fail, operations } = faulty(inner);
  const hooks: { onWrite?: (write: () => Promise<unknown>) => Promise<void> } = {};
  const hooked: SessionStore = {
    ...store,
    async write(key, payload, writeOptions) {
      const own = payload.slice();
      await hooks.onWrite?.(() => inner.write(key, own, { ...writeOptions }));
      return store.write(key, payload, writeOptions);
    },
  };
  const { sessions } = setup({ ...options, store: hooked, clock: () => start });
  const others = setup({ store: inner, clock: () => start }).sessions;
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, secret: "s" }));
  const opened = await Promise.all(Array.from({ length: count }, () => sessions.open(cookie)));
  fail(undefined);
  const commit = async (change: (session: Session, index: number) => void) => {
    opened.forEach(change);
    const ended = await Promise.allSettled(opened.map((session) => session.$commit()));
    return ended.map((end) => (end.status === "fulfilled" ? "done" : Reflect.get(end.reason, "code")));
  };
  const read = () => others.open(cookie);
  return { sessions, others, cookie, opened, fail, operations, hooks, commit, read };
}

const add = (session: Session): void => {
  session.visits += 1;
};
const done = (count: number): string[] => Array(count).fill("done");

describe("commits that wait for each other", () => {
  it("are written together, and each is told", async () => {
    const { commit, operations, opened, read } = await several(50);
    expect(
      await commit((session, index) => {
        add(session);
        session.cart.push({ sku: `sku ${index}`, quantity: 1 });
      }),
    ).toEqual(done(50));
    expect(operations).toEqual(["write", "write"]);
    const after = await read();
    expect([after.visits, after.cart.length]).toEqual([50, 50]);
    expect(opened.map(({ $modified }) => $modified)).toEqual(Array(50).fill(false));
    expect(opened.at(-1)?.visits).toBe(50);
    // Every one of them goes on from what was stored; the first had been before the others.
    operations.length = 0;
    expect(await commit(add)).toEqual(done(50));
    expect(operations).toEqual(["write", "write", "write"]);
    expect((await read()).visits).toBe(100);
  });

  it("are written in the context of the first of them", async () => {
    const requests = new AsyncLocalStorage<number>();
    const { opened, hooks } = await several(4);
    const seen: (number | undefined)[] = [];
    hooks.onWrite = async () => {
      seen.push(requests.getStore());
    };
    const commits = opened.map((session, index) =>
      requests.run(index, () => {
        add(session);
        return session.$commit();
      }),
    );
    await Promise.all(commits);
    expect(seen).toEqual([0, 1]);
  });

  it("are at most 64 at a time", async () => {
    const { commit, operations, read } = await several(130);
    expect(await commit(add)).toEqual(done(130));
    expect(operations).toHaveLength(1 + Math.ceil(129 / 64));
    expect((await read()).visits).toBe(130);
  });

  it("have the cookie that what is stored takes", async () => {
    const { opened, operations } = await several(4);
    opened.forEach((session, index) => {
      add(session);
      if (index === 2) session.$permanent = true;
    });
    const cookies = await Promise.all(opened.map((session) => session.$commit()));
    expect(cookies.map((values) => values.length)).toEqual([0, 1, 1, 1]);
    expect(operations).toEqual(["write", "write"]);
  });

  it("stand behind a new id, and find what has become of the session", async () => {
    const { opened, commit, others, read } = await several(5);
    const ends = await commit((session, index) => {
      add(session);
      if (index === 2) session.user = "Ada";
    });
    expect(ends).toEqual(["done", "done", "done", "session/gone", "session/gone"]);
    expect((await read()).$id).toBeUndefined();
    const moved = cookieHeader((await opened[2]?.$commit()) ?? []);
    expect((await others.open(moved)).visits).toBe(3);
  });
});

it("one that is too large fails alone", async () => {
  const { commit, read } = await several(6, { maxBytes: 2000 });
  const ends = await commit((session, index) => {
    add(session);
    if (index === 3) session.secret = "x".repeat(3000);
  });
  expect(ends).toEqual(["done", "done", "done", "session/too-large", "done", "done"]);
  expect((await read()).visits).toBe(5);
});

describe("the write of several", () => {
  it.each<[string, { fault: Fault; want: [visits: number, ends: string[]] }]>([
    ["is refused: each tries alone", { fault: "refused", want: [6, done(6)] }],
    [
      "is not done, nor answered: one fails, as he would alone, and the others ask and go on",
      { fault: "lost before", want: [5, ["done", "store/unavailable", ...done(4)]] },
    ],
    [
      "is done and not answered: one fails, and nobody does it twice",
      { fault: "lost after", want: [6, ["done", "store/unavailable", ...done(4)]] },
    ],
  ])("%s", async (_name, { fault, want: [visits, ends] }) => {
    const { commit, fail, read, opened } = await several(6);
    fail(fault, 1);
    expect(await commit(add)).toEqual(ends);
    expect((await read()).visits).toBe(visits);
    fail(undefined);
    // The one that failed asks what has become of it.
    await opened[1]?.$commit();
    expect((await read()).visits).toBe(6);
  });

  it.each<[string, { lands: "never" | "late" }]>([
    ["is stuck for good", { lands: "never" }],
    ["is stuck, and lands when the others have asked", { lands: "late" }],
  ])("%s: the others overtake it", async (_name, { lands }) => {
    const { commit, hooks, read } = await several(8, { storeTimeout: 400 });
    let writes = 0;
    hooks.onWrite = async (write) => {
      writes += 1;
      if (writes === 3 && lands === "late") await late();
      if (writes !== 2) return;
      late = write;
      await new Promise(() => {});
    };
    let late = (): Promise<unknown> => Promise.resolve();
    const ends = await commit(add);
    expect(ends).toEqual(["done", "store/timeout", ...done(6)]);
    expect((await read()).visits).toBe(lands === "late" ? 8 : 7);
  });

  it("meets another process's, and nothing is lost", async () => {
    const { commit, hooks, others, cookie, read } = await several(10);
    let writes = 0;
    hooks.onWrite = async () => {
      writes += 1;
      if (writes === 2 || writes === 4) await visit(others, cookie, add);
    };
    expect(await commit(add)).toEqual(done(10));
    expect((await read()).visits).toBe(12);
  });

  it("meets the end of the session: each is told", async () => {
    const { commit, hooks, others, cookie } = await several(4);
    let writes = 0;
    hooks.onWrite = async () => {
      writes += 1;
      if (writes === 2) await visit(others, cookie, (session) => session.$destroy());
    };
    expect(await commit(add)).toEqual(["done", "session/gone", "session/gone", "session/gone"]);
  });
});

it("a lock's commit is never written with others'", async () => {
  const { opened, read } = await several(4);
  const [locking, ...rest] = opened;
  const all: Promise<unknown>[] = [];
  await locking?.$lock(() => {
    rest.forEach(add);
    all.push(...rest.map((session) => session.$commit()));
    if (locking !== undefined) add(locking);
  });
  await Promise.all(all);
  expect((await read()).visits).toBe(4);
});
