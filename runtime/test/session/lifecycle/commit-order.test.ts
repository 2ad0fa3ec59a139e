import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { cookieHeader, isEpoch, type Session, setup, start, visit } from "../support/fixture.js";

/** A store whose writes wait until they are let go. */
function slowStore() {
  const inner = memoryStore({ clock: () => start });
  const waiting: (() => void)[] = [];
  const store: SessionStore = {
    kind: "slow",
    read: (...args) => inner.read(...args),
    async write(...args) {
      if (!isEpoch(args[0])) await new Promise<void>((resolve) => waiting.push(resolve));
      return inner.write(...args);
    },
    touch: (...args) => inner.touch(...args),
    remove: (...args) => inner.remove(...args),
    close: () => inner.close(),
  };
  const letGo = async (): Promise<void> => {
    await expect.poll(() => waiting.length, { interval: 1 }).toBeGreaterThan(0);
    waiting.shift()?.();
  };
  return { store, letGo };
}

describe("commits of one session", () => {
  it("follow one another: two at once make one session", async () => {
    const { sessions } = setup();
    const created: unknown[] = [];
    sessions.on("created", (event) => created.push(event));
    const session = await sessions.open(undefined);
    session.visits = 1;
    const [first, second] = await Promise.all([session.$commit(), session.$commit()]);
    expect(created).toHaveLength(1);
    expect(second).toEqual(first);
  });

  it.each<[string, { given: (session: Session) => void; writes?: number; want: Record<string, unknown> }]>([
    [
      "a field that was not saved",
      {
        given: (s) => {
          s.user = "ada";
        },
        // The record under the new id, and a trace in the old one's place.
        writes: 2,
        want: { user: "ada", visits: 1 },
      },
    ],
    [
      "a field that was",
      {
        given: (s) => {
          s.visits += 1;
        },
        want: { visits: 2 },
      },
    ],
    ["a nested value", { given: (s) => void s.cart.push({ sku: "b", quantity: 1 }), want: { visits: 1 } }],
    [
      "a removal",
      {
        given: (s) => {
          s.secret = undefined;
        },
        want: { visits: 1 },
      },
    ],
  ])("keep what is changed while one runs: %s", async (_name, { given, writes = 1, want }) => {
    const { store, letGo } = slowStore();
    const { sessions } = setup({ store });
    const session = await sessions.open(undefined);
    session.$assign({ visits: 1, cart: [{ sku: "a", quantity: 1 }], secret: "s" });
    const running = session.$commit();
    given(session);
    const expected = { cart: structuredClone(session.cart), secret: session.secret };
    await letGo();
    await running;
    const next = session.$commit();
    for (let write = 0; write < writes; write += 1) await letGo();
    const stored = await sessions.open(cookieHeader(await next));
    expect(stored.toJSON()).toMatchObject(want);
    expect({ cart: stored.cart, secret: stored.secret }).toEqual(expected);
  });

  it("merge what is changed while one runs with what others wrote", async () => {
    const { store, letGo } = slowStore();
    const { sessions } = setup({ store });
    const begin = visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    await letGo();
    const cookie = await begin;
    const [one, two] = [await sessions.open(cookie), await sessions.open(cookie)];
    two.visits += 10;
    const other = two.$commit();
    await letGo();
    await other;
    one.visits += 1;
    const running = one.$commit();
    one.visits += 100;
    // The first write meets the other's, the second has it merged in.
    await letGo();
    await letGo();
    await running;
    const next = one.$commit();
    await letGo();
    await next;
    expect((await sessions.open(cookie)).visits).toBe(112);
  });

  it("leave values that were handed out the session's own", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    const cart = session.cart;
    cart.push({ sku: "a", quantity: 1 });
    const cookie = cookieHeader(await session.$commit());
    cart.push({ sku: "b", quantity: 1 });
    await session.$commit();
    expect((await sessions.open(cookie)).cart.map(({ sku }) => sku)).toEqual(["a", "b"]);
  });

  it("are waited for by $destroy: the session does not come back", async () => {
    const { store, letGo } = slowStore();
    const { sessions } = setup({ store });
    const session = await sessions.open(undefined);
    session.visits = 1;
    const running = session.$commit();
    const destroyed = session.$destroy();
    await letGo();
    const cookie = cookieHeader(await running);
    await letGo();
    await destroyed;
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    expect(await session.$commit()).toEqual([expect.stringContaining("Max-Age=0")]);
  });

  it("give back the cookie again, and only the last one", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    session.visits = 1;
    const first = await session.$commit();
    expect(await session.$commit()).toEqual(first);
    await session.$regenerate();
    const second = await session.$commit();
    expect(second).toHaveLength(1);
    expect(second).not.toEqual(first);
  });

  it("of many requests at once all succeed", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, user: "ada" }));
    await Promise.all(
      Array.from({ length: 32 }, () =>
        visit(sessions, cookie, (session) => {
          session.visits += 1;
        }),
      ),
    );
    expect((await sessions.open(cookie)).visits).toBe(32);
  });

  it("refuse what was changed in place in a null session", async () => {
    const down: SessionStore = {
      ...memoryStore(),
      kind: "down",
      read: () => Promise.reject(new Error("connect ECONNREFUSED")),
      close: async () => {},
    };
    const { sessions } = setup({ store: down, onStoreError: "null-session" });
    const session = await sessions.open(`__Host-session=${"A".repeat(43)}`);
    session.cart.push({ sku: "a", quantity: 1 });
    await expect(session.$commit()).rejects.toMatchObject({ code: "session/null-session", status: 503 });
  });
});
