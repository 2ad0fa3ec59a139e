import session from "express-session";
import { describe, expect, it } from "vitest";
import {
  type ExpressStoreLike,
  expressStore,
} from "../../../src/adapters/express-session/from-express-store.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";

const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;

testStore(
  { describe, it },
  "express-store (MemoryStore)",
  () => {
    const clock = fakeClock();
    const store = new session.MemoryStore();
    return {
      store: expressStore({ store, clock }),
      now: clock,
      advance: clock.advance,
      another: () => expressStore({ store: async () => store, clock }),
    };
  },
  {
    sweep: "stores for express-session delete expired sessions themselves, or not at all",
    index: "stores for express-session find sessions by their id alone",
  },
);

describe("a store for express-session", () => {
  it("gets sessions as express-session makes them, with the cookie that its own expiry goes by", async () => {
    const store = new session.MemoryStore();
    const expiresAt = Date.now() + 60_000;
    await expressStore({ store }).write("a", Uint8Array.of(1), { expect: "any", expiresAt });
    const sessions: Record<string, session.SessionData> = await new Promise((resolve, reject) => {
      store.all((error, all) => (error ? reject(error) : resolve(all ?? {})));
    });
    const [[sid, data] = ["", undefined]] = Object.entries(sessions);
    expect(sid).toMatch(/^[0-9a-f]{64}$/);
    expect(data).toMatchObject({ cookie: { httpOnly: true, path: "/" }, sessgen: expect.any(String) });
    const expires = new Date(data?.cookie.expires ?? 0).getTime();
    expect(expires).toBeGreaterThanOrEqual(expiresAt);
    expect(expires).toBeLessThan(expiresAt + 30_000);
    // What express-session does with what it gets.
    const request = { session: undefined as unknown };
    store.createSession(request as never, data as session.SessionData);
    expect(request.session).toBeInstanceOf(Object);
  });

  it("may hold sessions of express-session's own: not ours", async () => {
    const store = new session.MemoryStore();
    const ours = expressStore({ store });
    await ours.write("a", Uint8Array.of(1), write);
    const [sid = ""] = Object.keys(Reflect.get(store, "sessions"));
    store.set(sid, { cookie: new session.Cookie() });
    expect(await ours.read("a")).toBeUndefined();
    expect(await ours.touch("a", write.expiresAt)).toBe("gone");
  });

  it.each<[string, Partial<ExpressStoreLike>]>([
    ["calls back with it", { get: (_sid, callback) => callback(new Error("gone")) }],
    [
      "throws it",
      {
        get() {
          throw new Error("gone");
        },
      },
    ],
    ["gives a promise that is rejected with it", { get: async () => Promise.reject(new Error("gone")) }],
  ])("fails, and %s: store/unavailable", async (_name, failing) => {
    const store: ExpressStoreLike = { get() {}, set() {}, destroy() {}, ...failing };
    await expect(expressStore({ store }).read("a")).rejects.toMatchObject({ code: "store/unavailable" });
  });

  it("may say ENOENT where there is no session, as express-session allows", async () => {
    const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
    const store: ExpressStoreLike = {
      get: (_sid, callback) => callback(missing),
      set() {},
      destroy() {},
    };
    expect(await expressStore({ store }).read("a")).toBeUndefined();
  });
});
