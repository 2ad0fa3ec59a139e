import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SessionError } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { type Fault, faulty } from "../support/faults.js";
import { field } from "../support/field.js";
import { cookieHeader, fields, isString, type Session, setup, start, visit } from "../support/fixture.js";

const MINUTE = 60_000;
const alerts = field<string[]>(6, "alerts", Array.isArray, {
  default: () => [],
  mutable: true,
  flash: "list",
});
const theme = field<string | undefined>(7, "theme", isString);

/** A session whose writes can fail, and others that can reach it meanwhile. */
async function begun() {
  const time = { now: start };
  const clock = () => time.now;
  const inner = memoryStore({ clock });
  const { store, fail, operations } = faulty(inner);
  const definition = [...fields, alerts, theme] as typeof fields;
  const { sessions } = setup({ store, clock, fields: definition });
  const others = setup({ store: inner, clock, fields: definition }).sessions;
  const cookie = await visit(sessions, undefined, (session) =>
    session.$assign({ visits: 1, log: ["begun"] }),
  );
  const session = await sessions.open(cookie);
  /** So many requests of others, one after the other. */
  const write = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      await visit(others, cookie, (other) => {
        other.visits += 10;
        other.cart.push({ sku: `theirs ${count}`, quantity: 1 });
      });
    }
  };
  const read = () => others.open(cookie);
  return { session, sessions, others, cookie, fail, operations, write, read, time };
}

const change = (session: Session): void => {
  session.visits += 1;
  session.log.push("mine");
  session.cart.push({ sku: "mine", quantity: 1 });
  session.secret = "mine";
};

it("a copy under a new id that could not be ended is ended later, whatever the request does", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { session, fail, operations } = await begun();
  fail("lost after, and gone");
  await session.$regenerate();
  await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
  // Still out of reach after 2 seconds, and back after 4 more.
  await vi.advanceTimersByTimeAsync(2000);
  fail(undefined);
  await vi.advanceTimersByTimeAsync(3999);
  expect(operations).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(operations).toEqual(["write"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(operations).toEqual(["write"]);
});

describe("a session that may have begun, and that nobody was told of", () => {
  /** A new session whose first commit was done, while its answer was lost. */
  async function unknown() {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { sessions, others, fail, operations } = await begun();
    const session = await sessions.open(undefined);
    session.visits = 7;
    const id = session.$id;
    fail("lost after");
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    const open = () => others.open(`__Host-session=${id}`);
    expect((await open()).visits).toBe(7);
    return { session, id, open, fail, operations };
  }

  it("is ended in the background, once, where the request does nothing more", async () => {
    const { open, fail, operations } = await unknown();
    fail(undefined);
    await vi.advanceTimersByTimeAsync(1999);
    expect(operations).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(operations).toEqual(["write"]);
    expect((await open()).$isNew).toBe(true);
  });

  it("is ended as soon as the store is back", async () => {
    const { open, fail, operations } = await unknown();
    fail("lost before");
    await vi.advanceTimersByTimeAsync(2000);
    expect(operations).toEqual(["write"]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(operations).toEqual(["write", "write"]);
    expect((await open()).$isNew).toBe(true);
  });

  it("goes on where the request asks in time, and is not ended later", async () => {
    const { session, id, open, fail } = await unknown();
    fail(undefined);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await session.$commit()).toHaveLength(1);
    expect(session.$id).toBe(id);
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await open()).visits).toBe(7);
  });

  it("is another one where the request goes on after that", async () => {
    const { session, id, open, fail } = await unknown();
    fail(undefined);
    await vi.advanceTimersByTimeAsync(2000);
    session.visits += 1;
    const [set = ""] = await session.$commit();
    expect(session.$id).not.toBe(id);
    expect(set).toContain(String(session.$id));
    expect(session.visits).toBe(8);
    expect((await open()).$isNew).toBe(true);
  });
});

describe("a write whose answer is lost", () => {
  it.each<[string, { fault: Fault; others: number; want: "once" | "unclear" }]>([
    ["before it was done", { fault: "lost before", others: 0, want: "once" }],
    ["after it was done", { fault: "lost after", others: 0, want: "once" }],
    ["before, and few others write", { fault: "lost before", others: 3, want: "once" }],
    ["after, and few others write", { fault: "lost after", others: 3, want: "once" }],
    ["before, and many others write", { fault: "lost before", others: 4, want: "unclear" }],
    ["after, and many others write", { fault: "lost after", others: 4, want: "unclear" }],
  ])("%s", async (_name, { fault, others, want }) => {
    const { session, fail, write, read } = await begun();
    change(session);
    fail(fault);
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    fail(undefined);
    await write(others);
    const base = 1 + 10 * others;
    if (want === "once") {
      await session.$commit();
      const after = await read();
      expect([after.visits, after.log]).toEqual([base + 1, ["begun", "mine"]]);
      return;
    }
    const refused = await session.$commit().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "session/unclear", status: 500 });
    expect(String(refused)).toMatch(/visits, log/);
    const after = await read();
    const done = fault === "lost after";
    // What may be done twice is there, whatever has happened; what may not is there as often as it was done.
    expect([after.visits, after.log.includes("mine")]).toEqual([done ? base + 1 : base, done]);
    expect(after.secret).toBe("mine");
    expect(after.cart.filter(({ sku }) => sku === "mine")).toHaveLength(1);
    expect([session.visits, session.log]).toEqual([after.visits, after.log]);
    // Told once; from then on all is as usual.
    session.visits += 5;
    await session.$commit();
    expect((await read()).visits).toBe(after.visits + 5);
  });

  it("and what was changed since is saved once as well", async () => {
    const { session, fail, read } = await begun();
    change(session);
    fail("lost after");
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    fail(undefined);
    session.visits += 100;
    session.log.push("later");
    await session.$commit();
    const after = await read();
    expect([after.visits, after.log]).toEqual([102, ["begun", "mine", "later"]]);
  });

  it("again and again is done once", async () => {
    const { session, fail, read } = await begun();
    change(session);
    for (const fault of ["lost before", "lost before", "lost after"] as const) {
      fail(fault, fault === "lost before" ? 0 : 1);
      await session.$commit().catch(() => {});
    }
    fail(undefined);
    await session.$commit();
    expect([(await read()).visits, (await read()).log]).toEqual([2, ["begun", "mine"]]);
  });

  it("behind another commit of this process is done once, however late it comes", async () => {
    const inner = memoryStore({ clock: () => start });
    const { store, fail } = faulty(inner);
    let late: (() => Promise<unknown>) | undefined;
    let writes = 100;
    const slow: SessionStore = {
      ...store,
      write(key, payload, options) {
        writes += 1;
        if (writes !== 2) return store.write(key, payload, options);
        const own = payload.slice();
        late = () => inner.write(key, own, options);
        return Promise.reject(new SessionError("store/timeout", "The store is slow"));
      },
    };
    const { sessions } = setup({ store: slow, clock: () => start });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const [first, second] = [await sessions.open(cookie), await sessions.open(cookie)];
    first.visits += 10;
    second.visits += 1;
    writes = 0;
    const committing = [first.$commit(), second.$commit()];
    await expect(Promise.all(committing)).rejects.toMatchObject({ code: "store/timeout" });
    // Asks what became of it, and tries again: that is unclear as well.
    fail("lost before", 1);
    await expect(second.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    fail(undefined);
    await late?.();
    await second.$commit();
    expect((await sessions.open(cookie)).visits).toBe(12);
  });

  it("leaves one mark in a session at rest", async () => {
    const { read, write, time, others, cookie } = await begun();
    await write(5);
    time.now += MINUTE;
    await visit(others, cookie, (session) => session.$assign({ secret: "s" }));
    expect((await read()).secret).toBe("s");
  });
});

describe("a new id whose answer is lost, and the next one's, too", () => {
  it.each([
    ["the copy's", 0],
    ["the trace's", 1],
  ])("begins again, or goes on, once the store answers: %s", async (_name, at) => {
    const { session, fail, others, cookie } = await begun();
    await session.$regenerate();
    session.visits += 1;
    fail("lost after, and gone", at);
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    expect(session.$headers).toEqual([]);
    fail(undefined);
    const moved = cookieHeader(await session.$commit());
    expect(moved).not.toBe(cookie);
    expect((await others.open(moved)).visits).toBe(2);
    expect((await others.open(cookie)).$id).toBeUndefined();
  });
});

it("a new id whose trace comes late is no conflict when the time is over, and goes on", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const inner = memoryStore({ clock: () => start });
  let late: (() => Promise<unknown>) | undefined;
  const store: SessionStore = {
    ...faulty(inner).store,
    write(key, payload, options) {
      if (late !== undefined || options.expect === "absent" || !slow)
        return inner.write(key, payload, options);
      const own = payload.slice();
      late = () => inner.write(key, own, options);
      return Promise.reject(new SessionError("store/timeout", "The store is slow"));
    },
    async read(key) {
      const found = await inner.read(key);
      if (late !== undefined) vi.advanceTimersByTime(60_000);
      return found;
    },
  };
  let slow = false;
  const { sessions } = setup({ store, clock: () => start });
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const session = await sessions.open(cookie);
  slow = true;
  session.visits += 1;
  await session.$regenerate();
  await expect(session.$commit()).rejects.toMatchObject({ code: "store/timeout" });
  await late?.();
  const moved = cookieHeader(await session.$commit());
  expect((await sessions.open(moved)).visits).toBe(2);
  expect((await sessions.open(cookie)).visits).toBe(0);
});

describe("a write whose answer is lost, and then the session gets a new id elsewhere", () => {
  it.each<[string, { given: { method: string; fault: Fault }; want: number }]>([
    ["a POST that was done", { given: { method: "POST", fault: "lost after" }, want: 2 }],
    ["a POST that was not", { given: { method: "POST", fault: "lost before" }, want: 1 }],
    ["a GET that was done", { given: { method: "GET", fault: "lost after" }, want: 2 }],
    ["a GET that was not", { given: { method: "GET", fault: "lost before" }, want: 1 }],
  ])("%s: nobody knows, and it is neither dropped nor done", async (_name, { given, want }) => {
    const { sessions, others, cookie, fail } = await begun();
    const moves: unknown[] = [];
    sessions.on("moved", (event) => moves.push(event));
    const session = await sessions.open(cookie, { method: given.method });
    session.visits += 1;
    session.log.push("mine");
    fail(given.fault);
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
    fail(undefined);
    const moved = await visit(others, cookie, (other) => other.$regenerate());
    await expect(session.$commit()).rejects.toMatchObject({
      code: "session/unclear",
      message: expect.stringContaining("visits, log"),
    });
    expect(moves).toEqual([]);
    // From then on it is held: there is nothing more to save, and no cookie to send.
    expect(await session.$commit()).toEqual([]);
    expect(session.visits).toBe(0);
    expect((await others.open(moved)).visits).toBe(want);
  });
});

describe("$lock", () => {
  it("whose save is unclear says that nobody knows, by a code of its own", async () => {
    const { session, fail, read } = await begun();
    let runs = 0;
    const locking = session.$lock(() => {
      runs += 1;
      session.visits += 1;
      fail("lost after, and gone");
    });
    await expect(locking).rejects.toMatchObject({
      code: "session/lock-unclear",
      status: 503,
      cause: expect.objectContaining({ code: "store/unavailable" }),
    });
    expect([runs, session.visits]).toEqual([1, 1]);
    fail(undefined);
    // The commit at the end of the request finds out.
    await session.$commit();
    expect([session.visits, (await read()).visits]).toEqual([2, 2]);
  });

  it("whose save was not done is undone, and never done later", async () => {
    const { session, fail, read } = await begun();
    session.secret = "before";
    const locking = session.$lock(() => {
      session.visits += 1;
      session.secret = "inside";
      fail("lost before");
    });
    await expect(locking).rejects.toMatchObject({ code: "session/lock-unclear" });
    fail(undefined);
    session.log.push("since");
    await session.$commit();
    const after = await read();
    expect([after.visits, after.secret, after.log]).toEqual([1, "before", ["begun", "since"]]);
  });

  it.each<[string, { fault: Fault; fails: boolean }]>([
    ["was done: it is held, and given back", { fault: "lost after", fails: false }],
    ["was not done: it is tried again", { fault: "lost before", fails: false }],
    [
      "nobody can ask after: it is given back once the store answers",
      { fault: "lost after, and gone", fails: true },
    ],
  ])("whose first write is unclear, and %s", async (_name, { fault, fails }) => {
    const { session, fail, read } = await begun();
    fail(fault);
    const locking = session.$lock(() => {
      session.visits += 1;
    });
    if (fails) await expect(locking).rejects.toMatchObject({ code: "store/unavailable" });
    else await locking;
    fail(undefined);
    // Long before the lease is over.
    const next = await read();
    await next.$lock(
      () => {
        next.visits += 1;
      },
      { wait: 30_000 },
    );
    expect((await read()).visits).toBe(fails ? 2 : 3);
  });

  it("whose removal is lost is free long before its lease is over", async () => {
    const { session, fail, read } = await begun();
    await session.$lock(() => {
      session.visits += 1;
      fail("lost before", 1);
    });
    fail(undefined);
    const next = await read();
    await next.$lock(() => {}, { wait: 30_000 });
  });
});

describe("the cookie of a permanent session", () => {
  it("is sent again only when the session's end has moved", async () => {
    const { others, time } = await begun();
    const cookie = await visit(others, undefined, (session) => {
      session.visits = 1;
      session.$permanent = true;
    });
    const write = async (): Promise<number> => {
      const session = await others.open(cookie);
      session.visits += 1;
      return (await session.$commit()).length;
    };
    expect(await write()).toBe(0);
    time.now += MINUTE - 1;
    expect(await write()).toBe(0);
    time.now += 1;
    expect(await write()).toBe(1);
    expect(await write()).toBe(0);
  });
});

describe("a touch", () => {
  it("prolongs nothing that others have changed meanwhile", async () => {
    const { others, time } = await begun();
    const cookie = await visit(others, undefined, (session) => {
      session.visits = 1;
      session.$permanent = true;
    });
    time.now += 20 * 24 * 60 * MINUTE;
    const reading = await others.open(cookie);
    await visit(others, cookie, (session) => {
      session.$permanent = false;
    });
    reading.$touch();
    expect(await reading.$commit()).toEqual([]);
    time.now += 30 * MINUTE;
    expect((await others.open(cookie)).$isNew).toBe(true);
  });
});
