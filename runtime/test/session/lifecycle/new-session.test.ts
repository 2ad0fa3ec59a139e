import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { cookieHeader, isEpoch, type Session, setup, visit } from "../support/fixture.js";

/** Sessions on a store that counts its writes. */
function counted() {
  const inner = memoryStore();
  const calls = { writes: 0 };
  const store: SessionStore = {
    kind: "counted",
    read: (...args) => inner.read(...args),
    write: (key, ...args) => {
      if (!isEpoch(key)) calls.writes += 1;
      return inner.write(key, ...args);
    },
    touch: (...args) => inner.touch(...args),
    remove: (...args) => inner.remove(...args),
    close: () => inner.close(),
  };
  return { ...setup({ store, clock: Date.now }), calls };
}

describe("the id of a new session", () => {
  it("is the one that it will have", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    const id = session.$id;
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(session.$id).toBe(id);
    session.visits = 1;
    const cookie = cookieHeader(await session.$commit());
    expect(cookie).toBe(`__Host-session=${id}`);
    expect(session.$id).toBe(id);
    expect((await sessions.open(cookie)).$id).toBe(id);
  });

  it("is another one for each request, and after the session was destroyed", async () => {
    const { sessions } = setup();
    const [one, other] = [await sessions.open(undefined), await sessions.open(undefined)];
    expect(one.$id).not.toBe(other.$id);
    one.visits = 1;
    await one.$commit();
    const first = one.$id;
    await one.$destroy();
    const second = one.$id;
    expect(second).not.toBe(first);
    one.visits = 1;
    expect(cookieHeader(await one.$commit())).toBe(`__Host-session=${second}`);
  });

  it("is not the one that the client made up", async () => {
    const { sessions } = setup();
    const planted = "A".repeat(43);
    expect((await sessions.open(`__Host-session=${planted}`)).$id).not.toBe(planted);
  });

  it("is undefined where there will be no session", async () => {
    const read = () => Promise.reject(new Error("down"));
    const { sessions } = setup({
      store: Object.assign(memoryStore(), { read }),
      onStoreError: "null-session",
    });
    expect((await sessions.open(`__Host-session=${"A".repeat(43)}`)).$id).toBeUndefined();
    expect(sessions.disabled().$id).toBeUndefined();
    const session = await sessions.open(undefined);
    session.$disable();
    expect(session.$id).toBeUndefined();
  });
});

describe("$persist", () => {
  it("stores a session to which nothing was written", async () => {
    const { sessions, calls } = counted();
    const session = await sessions.open(undefined);
    const id = session.$id;
    session.$persist();
    expect([session.$modified, session.$needsCommit]).toEqual([true, true]);
    const cookie = cookieHeader(await session.$commit());
    expect(calls.writes).toBe(1);
    const again = await sessions.open(cookie);
    expect([again.$isNew, again.$id]).toEqual([false, id]);
    again.$persist();
    expect(await again.$commit()).toEqual([]);
    expect(calls.writes).toBe(1);
  });

  it("is refused where there will be no session", () => {
    const session = setup().sessions.disabled();
    expect(() => session.$persist()).toThrow(expect.objectContaining({ code: "session/disabled" }));
  });
});

describe("what comes to the default", () => {
  const nothing: [string, { given: (session: Session) => void }][] = [
    [
      "visits += 0",
      {
        given: (session) => {
          session.visits += 0;
        },
      },
    ],
    [
      "cart = []",
      {
        given: (session) => {
          session.cart = [];
        },
      },
    ],
    [
      "what was put in and taken out again",
      {
        given: (session) => {
          session.cart.push({ sku: "a", quantity: 1 });
          session.cart.pop();
        },
      },
    ],
    [
      "a value that was removed again",
      {
        given: (session) => {
          session.user = "ada";
          session.user = undefined;
        },
      },
    ],
  ];
  it.each(nothing)("in a new session is nothing to store: %s", async (_name, { given }) => {
    const { sessions, calls } = counted();
    const session = await sessions.open(undefined);
    given(session);
    expect(session.$modified).toBe(false);
    expect(await session.$commit()).toEqual([]);
    expect(calls.writes).toBe(0);
  });

  it("goes along with nothing else, either now or later", async () => {
    const { sessions, calls } = counted();
    const session = await sessions.open(undefined);
    session.$assign({ visits: 0, cart: [], secret: "s" });
    const cookie = cookieHeader(await session.$commit());
    await session.$commit();
    expect(calls.writes).toBe(1);
    expect([...(await sessions.open(cookie))].map(([name]) => name)).toEqual([
      "visits",
      "cart",
      "log",
      "secret",
    ]);
  });

  it("is a change of a session that is stored", async () => {
    const { sessions, calls } = counted();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 3 }));
    await visit(sessions, cookie, (session) => session.$assign({ visits: 0 }));
    expect(calls.writes).toBe(2);
    expect((await sessions.open(cookie)).visits).toBe(0);
  });
});
