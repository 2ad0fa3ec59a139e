import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { encryptWith, env, SessionError, SessionFieldError } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { cookieHeader, isEpoch, keyOf, type Session, setup, start, visit } from "../support/fixture.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Counts what a session costs. */
function counting(store: SessionStore) {
  const calls = { read: 0, write: 0, touch: 0, remove: 0 };
  const count = <K extends keyof typeof calls>(name: K, key: string): void => {
    if (!isEpoch(key)) calls[name] += 1;
  };
  const counted: SessionStore = {
    kind: store.kind,
    read(...args) {
      count("read", args[0]);
      return store.read(...args);
    },
    write(...args) {
      count("write", args[0]);
      return store.write(...args);
    },
    touch(...args) {
      count("touch", args[0]);
      return store.touch(...args);
    },
    remove(...args) {
      count("remove", args[0]);
      return store.remove(...args);
    },
    close: () => store.close(),
  };
  return { calls, store: counted };
}

describe("an anonymous session", () => {
  it("stores nothing and sets no cookie until something is written", async () => {
    const { calls, store } = counting(memoryStore());
    const { sessions } = setup({ store });
    const session = await sessions.open(undefined);
    expect(session.visits).toBe(0);
    expect(session.cart).toEqual([]);
    expect(await session.$commit()).toEqual([]);
    expect(calls).toEqual({ read: 0, write: 0, touch: 0, remove: 0 });
  });

  it("is stored under the hash of an id that only the cookie carries", async () => {
    const { sessions, store } = setup();
    const session = await sessions.open(undefined);
    session.visits = 1;
    const [cookie] = await session.$commit();
    expect(cookie).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const id = String(session.$id);
    expect(await (store as SessionStore).read(id)).toBeUndefined();
    expect(await (store as SessionStore).read(keyOf(id))).toBeDefined();
  });

  it("never adopts an id that a client made up", async () => {
    const { sessions } = setup();
    const planted = "A".repeat(43);
    const session = await sessions.open(`__Host-session=${planted}`);
    session.visits = 1;
    await session.$commit();
    expect(session.$id).not.toBe(planted);
  });
});

describe("a stored session", () => {
  it("costs one read when nothing changes, one write more when something does", async () => {
    const { calls, store } = counting(memoryStore());
    const { sessions } = setup({ store, clock: Date.now });
    const cookie = await visit(sessions, undefined, (session) => {
      session.visits = 1;
    });
    await visit(sessions, cookie, (session) => void session.visits);
    expect(calls).toEqual({ read: 1, write: 1, touch: 0, remove: 0 });
    await visit(sessions, cookie, (session) => {
      session.visits += 1;
    });
    expect(calls).toEqual({ read: 2, write: 2, touch: 0, remove: 0 });
  });

  it("notices changes in nested values, and only real ones", async () => {
    const { calls, store } = counting(memoryStore());
    const { sessions } = setup({ store, clock: Date.now });
    const cookie = await visit(sessions, undefined, (session) => {
      session.cart.push({ sku: "a", quantity: 1 });
    });
    await visit(sessions, cookie, (session) => {
      for (const item of session.cart) item.quantity += 0;
    });
    expect(calls.write).toBe(1);
    await visit(sessions, cookie, (session) => {
      for (const item of session.cart) item.quantity += 1;
    });
    expect(calls.write).toBe(2);
    expect((await sessions.open(cookie)).cart).toEqual([{ sku: "a", quantity: 2 }]);
  });

  it("refuses values that the schema forbids, all or none with $assign", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    expect(() => Reflect.set(session, "visits", "three")).toThrow(SessionFieldError);
    expect(() => session.$assign({ user: "ada", visits: 0.5 })).toThrow(SessionFieldError);
    expect(session.user).toBeUndefined();
    expect(() => session.$assign(JSON.parse('{ "nobody": 1 }'))).toThrow(SessionError);
  });

  it.each<[string, { given: (session: Session) => void | Promise<void>; want: Record<string, unknown> }]>([
    [
      "a removed field is gone",
      {
        given: (s) => {
          s.user = undefined;
        },
        want: { visits: 1, cart: [], log: [] },
      },
    ],
    ["a cleared session keeps its id", { given: (s) => s.$clear(), want: { visits: 0, cart: [], log: [] } }],
    ["a destroyed session is gone", { given: (s) => s.$destroy(), want: { visits: 0, cart: [], log: [] } }],
  ])("%s", async (_name, { given, want }) => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1, user: "ada" }));
    const after = await visit(sessions, cookie, given);
    expect((await sessions.open(after)).toJSON()).toEqual(want);
  });

  it("can be begun anew after it was destroyed", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    const after = await visit(sessions, cookie, async (session) => {
      await session.$destroy();
      session.notice = "Goodbye";
    });
    expect(after).not.toBe(cookie);
    expect((await sessions.open(after)).toJSON()).toMatchObject({ notice: "Goodbye" });
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("tells the browser to forget the cookie when it is destroyed", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    const session = await sessions.open(cookie);
    await session.$destroy();
    expect(await session.$commit()).toEqual([
      "__Host-session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax",
    ]);
  });
});

describe("regeneration", () => {
  it.each<[string, { given: (session: Session) => void | Promise<void> }]>([
    ["asked for", { given: (session) => session.$regenerate() }],
    [
      "because a field says so",
      {
        given: (session) => {
          session.user = "grace";
        },
      },
    ],
  ])("%s: a new id, the same data, and the old id is dead", async (_name, { given }) => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 7, user: "ada" }));
    const after = await visit(sessions, cookie, given);
    expect(after).not.toBe(cookie);
    expect((await sessions.open(after)).visits).toBe(7);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("does not happen when the field gets the value it has", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    const session = await sessions.open(cookie);
    session.user = "ada";
    expect(await session.$commit()).toEqual([]);
  });

  it("merges what another request wrote meanwhile", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const login = await sessions.open(cookie);
    login.user = "ada";
    await visit(sessions, cookie, (session) => {
      session.visits += 1;
    });
    const after = cookieHeader(await login.$commit());
    expect((await sessions.open(after)).toJSON()).toMatchObject({ user: "ada", visits: 2 });
  });
});

describe("concurrent requests", () => {
  it("merge field by field", async () => {
    const { sessions } = setup();
    const conflicts: unknown[] = [];
    sessions.on("conflict", (event) => conflicts.push(event));
    const cookie = await visit(sessions, undefined, (session) =>
      session.$assign({
        visits: 1,
        cart: [
          { sku: "a", quantity: 1 },
          { sku: "b", quantity: 1 },
        ],
        log: ["x"],
      }),
    );
    const [one, two] = [await sessions.open(cookie), await sessions.open(cookie)];
    one.visits += 1;
    one.cart.push({ sku: "c", quantity: 1 });
    one.log.push("one");
    two.visits += 10;
    two.cart = two.cart.filter((item) => item.sku !== "a");
    two.log.push("two");
    two.secret = "s";
    await one.$commit();
    await two.$commit();
    expect((await sessions.open(cookie)).toJSON()).toEqual({
      visits: 12,
      cart: [
        { sku: "b", quantity: 1 },
        { sku: "c", quantity: 1 },
      ],
      log: ["x", "one", "two"],
    });
    expect(conflicts).toEqual([{ attempt: 1, fields: ["visits", "cart", "log", "secret"] }]);
  });

  it("lose no increment, however many there are", async () => {
    const { sessions } = setup({ maxConflicts: 50 });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 0, log: ["x"] }));
    await Promise.all(
      Array.from({ length: 30 }, () =>
        visit(sessions, cookie, (session) => {
          session.visits += 1;
        }),
      ),
    );
    expect((await sessions.open(cookie)).visits).toBe(30);
  });

  it("never bring a destroyed session back", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const late = await sessions.open(cookie);
    await visit(sessions, cookie, (session) => session.$destroy());
    late.visits += 1;
    await expect(late.$commit()).rejects.toMatchObject({ code: "session/gone", status: 409 });
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("never take a session for destroyed that goes on under a new id", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const logout = await sessions.open(cookie);
    const moved = await visit(sessions, cookie, (session) => session.$regenerate());
    await expect(logout.$destroy()).rejects.toMatchObject({ code: "session/gone" });
    expect((await sessions.open(moved)).visits).toBe(1);
  });

  it("give up after a bounded number of conflicts", async () => {
    const inner = memoryStore();
    let version = 0;
    const busy: SessionStore = {
      ...counting(inner).store,
      async write(key, payload, options) {
        const result = await inner.write(key, payload, options);
        const current = await inner.read(key);
        if (options.expect === "absent" || current === undefined) return result;
        version += 1;
        return { ok: false, current: { ...current, version: String(version) } };
      },
    };
    const { sessions } = setup({ store: busy, clock: Date.now });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const session = await sessions.open(cookie);
    session.visits = 2;
    await expect(session.$commit()).rejects.toMatchObject({ code: "session/conflict" });
  });
});

describe("lifetimes", () => {
  const use = (session: Session) => void session.visits;
  it.each<[string, { given: { permanent?: boolean; uses: number[] }; want: boolean }]>([
    ["ends when idle for 30 minutes", { given: { uses: [30 * MINUTE] }, want: false }],
    ["lives a moment less", { given: { uses: [30 * MINUTE - 1] }, want: true }],
    ["is prolonged by use", { given: { uses: [20 * MINUTE, 40 * MINUTE, 60 * MINUTE] }, want: true }],
    [
      "ends after 12 hours in spite of use",
      { given: { uses: Array.from({ length: 36 }, (_, index) => (index + 1) * 20 * MINUTE) }, want: false },
    ],
    ["permanent: lives for weeks", { given: { permanent: true, uses: [30 * DAY] }, want: true }],
    ["permanent: ends when idle for 31 days", { given: { permanent: true, uses: [31 * DAY] }, want: false }],
  ])("%s", async (_name, { given, want }) => {
    const { sessions, time } = setup();
    let cookie = await visit(sessions, undefined, (session) => {
      session.visits = 1;
      if (given.permanent) session.$permanent = true;
    });
    for (const moment of given.uses.slice(0, -1)) {
      time.now = start + moment;
      cookie = await visit(sessions, cookie, use);
    }
    time.now = start + (given.uses.at(-1) ?? 0);
    expect((await sessions.open(cookie)).visits === 1).toBe(want);
  });

  it("moves the expiry only when half the idle time is used up", async () => {
    const time = { now: start };
    const { calls, store } = counting(memoryStore({ clock: () => time.now }));
    const { sessions } = setup({ store, clock: () => time.now });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    time.now = start + 15 * MINUTE - 1;
    await visit(sessions, cookie, use);
    expect(calls.touch).toBe(0);
    time.now = start + 15 * MINUTE;
    await visit(sessions, cookie, use);
    expect(calls).toEqual({ read: 2, write: 1, touch: 1, remove: 0 });
  });

  it("a permanent session has a persistent cookie, renewed as the expiry moves", async () => {
    const { sessions, time } = setup();
    const session = await sessions.open(undefined);
    session.$permanent = true;
    const [cookie = ""] = await session.$commit();
    expect(cookie).toContain(`Max-Age=${(31 * DAY) / 1000}; `);
    time.now += 16 * DAY;
    const again = await sessions.open(cookieHeader([cookie]));
    expect(again.$permanent).toBe(true);
    again.$touch();
    expect(await again.$commit()).toEqual([expect.stringContaining(`Max-Age=${(31 * DAY) / 1000}; `)]);
  });
});

describe("flash fields", () => {
  it("are shown once", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ notice: "Saved" }));
    await visit(sessions, cookie, (session) => expect(session.notice).toBe("Saved"));
    await visit(sessions, cookie, (session) => expect(session.notice).toBeUndefined());
  });

  it("stay when nobody read them, or when they are kept", async () => {
    const { sessions } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ notice: "Saved" }));
    await visit(sessions, cookie, (session) => void session.visits);
    await visit(sessions, cookie, (session) => {
      expect(session.notice).toBe("Saved");
      session.$keep("notice");
    });
    expect((await sessions.open(cookie)).notice).toBe("Saved");
  });
});

describe("what is shown", () => {
  it("is neither the id nor a redacted field", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    session.$assign({ visits: 1, secret: "hunter2" });
    await session.$commit();
    const shown = `${inspect(session)}${JSON.stringify(session)}${inspect({ deep: { session } }, { depth: 5 })}`;
    expect(shown).toContain("visits: 1");
    expect(shown).toContain("[redacted]");
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain(String(session.$id));
  });

  it("iterates over present fields", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    session.user = "ada";
    expect([...session]).toEqual([
      ["visits", 0],
      ["user", "ada"],
      ["cart", []],
      ["log", []],
    ]);
  });
});

describe("a session that cannot be read", () => {
  it("becomes an anonymous one, and the record stays", async () => {
    const { sessions, store } = setup();
    const events: unknown[] = [];
    sessions.on("unreadable", (event) => events.push(event));
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const key = keyOf(cookie.split("=")[1] ?? "");
    await (store as SessionStore).write(key, Buffer.from([0x99, 1]), {
      expect: "any",
      expiresAt: start + HOUR,
    });
    const session = await sessions.open(cookie);
    expect([session.$isNew, session.visits]).toEqual([true, 0]);
    session.visits = 5;
    const [fresh = ""] = await session.$commit();
    expect(cookieHeader([fresh])).not.toBe(cookie);
    expect(events).toHaveLength(1);
    expect(await (store as SessionStore).read(key)).toBeDefined();
  });
});

describe("events", () => {
  it("quote nothing of a session that cannot be read", async () => {
    const { sessions, store } = setup();
    const events: unknown[] = [];
    const off = sessions.on("unreadable", (event) => events.push(event));
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const key = keyOf(cookie.split("=")[1] ?? "");
    // JSON.parse quotes the text it stumbles over.
    await (store as SessionStore).write(key, Buffer.from('{ "secret": hunter2 }'), {
      expect: "any",
      expiresAt: start + HOUR,
    });
    await sessions.open(cookie);
    expect(events).toHaveLength(1);
    expect(inspect(events, { depth: 10 })).not.toMatch(/hunter2|secret/);
    off();
    await sessions.open(cookie);
    expect(events).toHaveLength(1);
  });
});

describe("a store that fails", () => {
  const down: SessionStore = {
    kind: "down",
    read: () => Promise.reject(new Error("connect ECONNREFUSED")),
    write: () => Promise.reject(new Error("connect ECONNREFUSED")),
    touch: () => new Promise(() => {}),
    remove: () => new Promise(() => {}),
    close: async () => {},
  };
  const cookie = `__Host-session=${"A".repeat(43)}`;

  it("is an error of status 503 by default", async () => {
    const { sessions } = setup({ store: down });
    const codes: string[] = [];
    sessions.on("store-error", ({ code }) => codes.push(code));
    await expect(sessions.open(cookie)).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
    // Of the session, and of the epoch that is read beside it.
    expect(codes).toEqual(["store/unavailable", "store/unavailable"]);
  });

  it("gives a null session when the config says so", async () => {
    const { sessions } = setup({ store: down, onStoreError: "null-session" });
    const session = await sessions.open(cookie);
    expect([session.$isNull, session.visits]).toEqual([true, 0]);
    expect(() => {
      session.visits = 1;
    }).toThrow(expect.objectContaining({ code: "session/null-session" }));
    expect(await session.$commit()).toEqual([]);
  });

  it.each<[string, { given: Parameters<typeof setup>[0]; want: string }]>([
    [
      "for a cookie",
      { given: { cookie: { secrets: () => [env("NO_COOKIE_SECRET")] } }, want: "NO_COOKIE_SECRET" },
    ],
    [
      "for encryption",
      { given: { encryption: encryptWith({ secrets: () => [env("NO_KEY")] }) }, want: "NO_KEY" },
    ],
    ["in a store's address", { given: { store: () => redisStore({ url: env("NO_URL") }) }, want: "NO_URL" }],
  ])(
    "gives null sessions without the secret %s, which say what is missing",
    async (_name, { given, want }) => {
      const { sessions } = setup({ ...given, onStoreError: "null-session" });
      const session = await sessions.open(cookie);
      expect([session.$isNull, session.visits]).toEqual([true, 0]);
      expect(() => {
        session.visits = 1;
      }).toThrow(
        expect.objectContaining({ code: "session/null-session", message: expect.stringContaining(want) }),
      );
      session.cart.push({ sku: "a", quantity: 1 });
      await expect(session.$commit()).rejects.toMatchObject({ code: "session/null-session" });
      expect(session.$headers).toEqual([]);
    },
  );

  it("does not start without a secret unless the config says so", () => {
    const secrets = () => [env("NO_COOKIE_SECRET")];
    expect(() => setup({ cookie: { secrets } })).toThrow(expect.objectContaining({ code: "env/missing" }));
    const short = () => ["short"];
    expect(() => setup({ cookie: { secrets: short }, onStoreError: "null-session" })).toThrow(
      expect.objectContaining({ code: "cookie/weak-secret" }),
    );
  });

  it("holds a request up no longer than storeTimeout", async () => {
    const { sessions } = setup({ store: { ...down, read: () => new Promise(() => {}) }, storeTimeout: 20 });
    await expect(sessions.open(cookie)).rejects.toMatchObject({ code: "store/timeout" });
  });
});
