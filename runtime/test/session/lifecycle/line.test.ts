import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { Line } from "../../../src/session/lifecycle/line.js";
import type { Operate } from "../../../src/session/lifecycle/queue.js";
import type { StoredState } from "../../../src/session/state/stored-state.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { setup, visit } from "../support/fixture.js";

const state = (version: string): StoredState => ({
  id: "id",
  key: "key",
  version,
  expiresAt: 0,
  bytes: 0,
  record: { createdAt: 0, permanent: false, fields: new Map() },
});

/** Something that is waited for, and a way to let it come. */
function signal(): { readonly come: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const come = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { come, give };
}

const stand = (line: Line, key: string, until: number, operate: Operate) =>
  line.stand(key, until, operate, "done");

const soon = (): number => performance.now() + 60_000;

describe("those who stand in line", () => {
  it("follow one another, each with what the one before has stored", async () => {
    const line = new Line(60_000);
    const seen: (string | undefined)[] = [];
    await Promise.all(
      ["1", "2", "3"].map((version) =>
        stand(line, "key", soon(), async (before) => {
          await new Promise(setImmediate);
          seen.push(before?.version);
          return state(version);
        }),
      ),
    );
    expect(seen).toEqual([undefined, "1", "2"]);
    expect(line.size).toBe(0);
  });

  it("act in the context of their own request, whoever made way for them", async () => {
    const requests = new AsyncLocalStorage<string>();
    const line = new Line(60_000);
    const seen: (string | undefined)[] = [];
    const operate = async (): Promise<undefined> => {
      seen.push(requests.getStore());
      await new Promise(setImmediate);
      seen.push(requests.getStore());
      if (seen.length === 4) throw new Error("This one fails");
    };
    const names = ["first", "second", "third", "fourth"];
    const ends = names.map((name) => requests.run(name, () => stand(line, "key", soon(), operate)));
    await Promise.allSettled(ends);
    expect(seen).toEqual(names.flatMap((name) => [name, name]));
  });

  it("wait for nobody with another key", async () => {
    const line = new Line(60_000);
    const { come, give } = signal();
    const one = stand(line, "one", soon(), async () => {
      await come;
      return undefined;
    });
    expect(await stand(line, "other", soon(), async () => undefined)).toBe("done");
    give();
    await one;
    expect(line.size).toBe(0);
  });

  it("are not held up by one that fails", async () => {
    const line = new Line(60_000);
    const failing = stand(line, "key", soon(), () => Promise.reject(new Error("failed")));
    const next = stand(line, "key", soon(), async (before) => {
      expect(before).toBeUndefined();
      return undefined;
    });
    await expect(failing).rejects.toThrow("failed");
    expect(await next).toBe("done");
    expect(line.size).toBe(0);
  });

  it("overtake one that is stuck, who holds up the first behind it and no more", async () => {
    const line = new Line(20);
    const { come, give } = signal();
    const order: string[] = [];
    const stuck = stand(line, "key", soon(), async () => {
      await come;
      order.push("stuck");
      return state("old");
    });
    const others = ["a", "b", "c"].map((name) =>
      stand(line, "key", soon(), async (before) => {
        order.push(`${name} after ${before?.version}`);
        return state(name);
      }),
    );
    expect(await Promise.all(others)).toEqual(["done", "done", "done"]);
    give();
    await stuck;
    expect(order).toEqual(["a after undefined", "b after a", "c after b", "stuck"]);
    expect(line.size).toBe(0);
  });

  it("leave when their time is over, and nobody waits for them", async () => {
    const line = new Line(60_000);
    const { come, give } = signal();
    const first = stand(line, "key", soon(), async () => {
      await come;
      return state("1");
    });
    const second = stand(line, "key", soon(), async () => {
      await new Promise(setImmediate);
      return state("2");
    });
    const hasty = stand(line, "key", performance.now() + 10, async () => expect.unreachable());
    const third = stand(line, "key", soon(), async (before) => {
      expect(before?.version).toBe("2");
      return undefined;
    });
    expect(await hasty).toBe("late");
    give();
    expect(await Promise.all([first, second, third])).toEqual(["done", "done", "done"]);
    expect(line.size).toBe(0);
  });
});

/** A store that counts, and whose writes can be made to hang. */
function counted() {
  const inner = memoryStore();
  const counts = { operations: 0 };
  let hanging = 0;
  const operate = <T>(call: () => Promise<T>): Promise<T> => {
    counts.operations += 1;
    return new Promise((resolve, reject) => setTimeout(() => call().then(resolve, reject), 1));
  };
  const store: SessionStore = {
    kind: "counted",
    read: (...args) => operate(() => inner.read(...args)),
    write: (...args) => (hanging-- > 0 ? new Promise(() => {}) : operate(() => inner.write(...args))),
    touch: (...args) => operate(() => inner.touch(...args)),
    remove: (...args) => operate(() => inner.remove(...args)),
    close: () => inner.close(),
  };
  const hang = (writes: number): void => {
    hanging = writes;
  };
  return { store, counts, hang };
}

describe("many writers of one session in one process", () => {
  it("500 take one operation each and a few more, and lose nothing", async () => {
    const { store, counts } = counted();
    const { sessions } = setup({ store, clock: Date.now });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, secret: "s" }));
    counts.operations = 0;
    await Promise.all(
      Array.from({ length: 500 }, () =>
        visit(sessions, cookie, (session) => {
          session.visits += 1;
        }),
      ),
    );
    // To read; to write, the first alone and 64 at a time.
    expect(counts.operations).toBeLessThanOrEqual(500 + 1 + Math.ceil(499 / 64));
    expect((await sessions.open(cookie)).visits).toBe(500);
  });

  it("wait for each other under a lock as well", async () => {
    const { store } = counted();
    const { sessions } = setup({ store, clock: Date.now });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, secret: "s" }));
    const [locking, other] = [await sessions.open(cookie), await sessions.open(cookie)];
    await locking.$lock(async () => {
      locking.visits += 1;
      other.visits += 10;
      const committed = other.$commit();
      await locking.$commit();
      await committed;
      locking.visits += 1;
    });
    expect((await sessions.open(cookie)).visits).toBe(12);
  });

  it("go on past one whose call is stuck, which alone fails", async () => {
    const { store, hang } = counted();
    const { sessions } = setup({ store, clock: Date.now, storeTimeout: 4000 });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, secret: "s" }));
    const opened = await Promise.all(Array.from({ length: 20 }, () => sessions.open(cookie)));
    hang(1);
    const order: string[] = [];
    await Promise.allSettled(
      opened.map(async (session) => {
        session.visits += 1;
        await session.$commit().then(
          () => order.push("done"),
          () => order.push("failed"),
        );
      }),
    );
    expect(order).toEqual([...Array(19).fill("done"), "failed"]);
    expect((await sessions.open(cookie)).visits).toBe(19);
  });

  it("give up when a commit as a whole takes too long, its time in line included", async () => {
    const { store, hang } = counted();
    const { sessions } = setup({ store, clock: Date.now, storeTimeout: 2000, commitTimeout: 2000 });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, secret: "s" }));
    const opened = await Promise.all(Array.from({ length: 10 }, () => sessions.open(cookie)));
    hang(Number.POSITIVE_INFINITY);
    const begun = performance.now();
    const done = await Promise.allSettled(
      opened.map((session) => {
        session.visits += 1;
        return session.$commit();
      }),
    );
    const codes = done.map((result) => result.status === "rejected" && Reflect.get(result.reason, "code"));
    expect(new Set(codes)).toEqual(new Set(["store/timeout", "session/conflict"]));
    // One after the other, each for as long as the line's patience, they would take 7 seconds.
    expect(performance.now() - begun).toBeLessThan(6000);
  });
});
