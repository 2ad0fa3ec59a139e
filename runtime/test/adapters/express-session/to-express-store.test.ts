import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import express4 from "express-4";
import session from "express-session";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterEach, describe, expect, it } from "vitest";
import {
  type AsExpressStoreOptions,
  asExpressStore,
} from "../../../src/adapters/express-session/to-express-store.js";
import { storeKey } from "../../../src/crypto/identity.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";

declare module "express-session" {
  interface SessionData {
    user?: string;
    count?: number;
  }
}

/** An application on a port of its own, and browsers of its users. */
interface App {
  /** A browser with cookies of its own. */
  browser(): (path: string) => Promise<string>;
  /** What `/slow` waits for. */
  proceed(): void;
  /** Until `/slow` has read its session. */
  readonly waiting: Promise<void>;
  readonly errors: unknown[];
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function start(
  store: SessionStore,
  options: Partial<session.SessionOptions> & { adapter?: AsExpressStoreOptions; make?: typeof express } = {},
): Promise<App> {
  const { adapter, make = express, ...rest } = options;
  const errors: unknown[] = [];
  let proceed = (): void => {};
  const allowed = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  let wait = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    wait = resolve;
  });
  const app = make();
  app.use(
    session({
      store: asExpressStore(session.Store, store, adapter),
      secret: "keyboard cat",
      resave: false,
      saveUninitialized: false,
      ...rest,
    }),
  );
  app.get("/count", (req, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.send(String(req.session.count));
  });
  app.get("/look", (req, res) => {
    res.send(`${req.session.user ?? "nobody"} ${req.session.count ?? 0}`);
  });
  app.get("/login/:user", (req, res, next) => {
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.user = req.params.user;
      req.session.save((failed) => (failed ? next(failed) : res.send(req.session.id)));
    });
  });
  app.get("/logout", (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.send("bye")));
  });
  app.get("/slow", (req, res) => {
    wait();
    void allowed.then(() => {
      req.session.count = 100;
      res.send("slow");
    });
  });
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    errors.push(error);
    if (!res.headersSent) res.status(error.status ?? 500).send(error.code ?? error.message);
  };
  app.use(onError);
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    errors,
    proceed,
    waiting,
    browser() {
      const fetchCookie = makeFetchCookie(fetch, new CookieJar());
      return async (path) => (await fetchCookie(`http://127.0.0.1:${port}${path}`)).text();
    },
  };
}

/** A store that notes what is asked of it. */
function noting(store: SessionStore): { store: SessionStore; asked: string[]; keys: Set<string> } {
  const asked: string[] = [];
  const keys = new Set<string>();
  const noted = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        asked.push(String(name));
        if (typeof given[0] === "string") keys.add(given[0]);
        return member.apply(target, given);
      };
    },
  });
  return { store: noted, asked, keys };
}

describe.each([
  ["express 5", express],
  ["express 4", express4 as typeof express],
])("a store of ours in express-session, with %s", (_name, make) => {
  it("counts, for each browser on its own", async () => {
    const { browser } = await start(memoryStore(), { make });
    const [one, two] = [browser(), browser()];
    expect([await one("/count"), await one("/count"), await two("/count")]).toEqual(["1", "2", "1"]);
  });

  it("logs in under a new id, and out for good", async () => {
    const { store, keys } = noting(memoryStore());
    const visit = (await start(store, { make })).browser();
    await visit("/count");
    const id = await visit("/login/ada");
    expect(await visit("/look")).toBe("ada 0");
    expect(await visit("/login/ada")).not.toBe(id);
    expect(await visit("/logout")).toBe("bye");
    expect(await visit("/look")).toBe("nobody 0");
    for (const key of keys) expect(await store.read(key)).toBeUndefined();
    // Whoever reads the store cannot make cookies from what is found there.
    expect(keys).not.toContain(id);
  });

  it("is not written by requests that change nothing, only touched", async () => {
    const { store, asked } = noting(memoryStore());
    const visit = (await start(store, { make })).browser();
    await visit("/look");
    expect(asked).toEqual([]);
    await visit("/count");
    expect(asked.splice(0)).toEqual(["write"]);
    await visit("/look");
    expect(asked).toEqual(["read", "touch"]);
  });

  it("does not bring back a session that was destroyed meanwhile", async () => {
    const store = memoryStore();
    const { browser, waiting, proceed, errors } = await start(store, { make });
    const visit = browser();
    await visit("/login/ada");
    const slow = visit("/slow");
    await waiting;
    await visit("/logout");
    proceed();
    expect(await slow).toBe("slow");
    expect(await visit("/look")).toBe("nobody 0");
    expect(errors).toEqual([]);
  });

  it("lets the last to save win, as express-session does", async () => {
    const { browser, waiting, proceed } = await start(memoryStore(), { make });
    const visit = browser();
    await visit("/count");
    const slow = visit("/slow");
    await waiting;
    await visit("/count");
    await visit("/count");
    proceed();
    await slow;
    expect(await visit("/look")).toBe("nobody 100");
  });

  it("a cookie that expires at no date is refused by express-session, once, and nothing is lost", async () => {
    const { browser, errors } = await start(memoryStore(), {
      make,
      cookie: { expires: new Date(Number.NaN) },
    });
    expect(await browser()("/count")).toBe("1");
    await expect.poll(() => errors).toEqual([new TypeError("option expires is invalid")]);
  });

  it("hands on errors, with their status", async () => {
    const store = fileStore({ directory: "/dev/null/sessions" });
    const { browser, errors } = await start(store, { make });
    const visit = browser();
    // The answer was on its way when the session was saved.
    await visit("/count");
    await expect
      .poll(() => errors)
      .toEqual([expect.objectContaining({ code: "store/unavailable", status: 503 })]);
    expect(await visit("/look")).toBe("store/unavailable");
  });

  it("answers in time, though the store does not", async () => {
    const store = memoryStore();
    store.read = () => new Promise(() => {});
    const { browser } = await start(store, { make, adapter: { timeout: 20 } });
    const visit = browser();
    await visit("/count");
    expect(await visit("/look")).toBe("store/timeout");
  });
});

describe("a store of ours as one for express-session", () => {
  const inHour = (): { cookie: session.Cookie } => {
    const cookie = new session.Cookie();
    cookie.maxAge = 3_600_000;
    return { cookie };
  };
  const make = (store: SessionStore, options?: AsExpressStoreOptions) => {
    const adapted = asExpressStore(session.Store, store, options);
    return {
      adapted,
      get: (sid: string) =>
        new Promise<session.SessionData | null | undefined>((resolve, reject) => {
          adapted.get(sid, (error, data) => (error ? reject(error) : resolve(data)));
        }),
      set: (sid: string, data: session.SessionData) =>
        new Promise<void>((resolve, reject) => {
          adapted.set(sid, data, (error) => (error ? reject(error) : resolve()));
        }),
      touch: (sid: string, data: session.SessionData) =>
        new Promise<void>((resolve, reject) => {
          adapted.touch?.(sid, data, (error?: unknown) => (error ? reject(error) : resolve()));
        }),
      destroy: (sid: string) =>
        new Promise<void>((resolve, reject) => {
          adapted.destroy(sid, (error) => (error ? reject(error) : resolve()));
        }),
    };
  };

  it("is one, to express-session", () => {
    const { adapted } = make(memoryStore());
    expect(adapted).toBeInstanceOf(session.Store);
    expect(adapted.load).toBeTypeOf("function");
    expect(adapted.listenerCount("disconnect")).toBe(0);
  });

  it("is never begun by touch", async () => {
    const { get, touch, set } = make(memoryStore());
    await touch("a", inHour());
    expect(await get("a")).toBeUndefined();
    await set("a", inHour());
    expect(await get("a")).toBeDefined();
  });

  it("takes a session without a cookie, which lives as one whose cookie ends with the browser", async () => {
    let now = Date.now();
    const store = memoryStore({ clock: () => now });
    const { adapted, get, set, touch } = make(store, { clock: () => now, lifetime: 60_000 });
    const bare = { user: "ada" } as session.SessionData;
    await set("a", bare);
    expect(await get("a")).toEqual({ user: "ada" });
    now += 50_000;
    await touch("a", bare);
    now += 50_000;
    const data = await get("a");
    // As express-session makes a session of it for a request.
    const request = { sessionID: "a", sessionStore: adapted } as unknown as Parameters<
      typeof adapted.createSession
    >[0];
    expect(adapted.createSession(request, data ?? bare)).toMatchObject({ user: "ada" });
    now += 60_000;
    expect(await get("a")).toBeUndefined();
  });

  it("has the keys of the application that it is told", async () => {
    const { store, keys } = noting(memoryStore());
    const application = "b".repeat(22);
    await make(store, { application }).set("a", inHour());
    expect([...keys]).toEqual([storeKey("a", { application })]);
    expect(await make(store).get("a")).toBeUndefined();
    expect(await make(store, { application }).get("a")).toBeDefined();
  });

  it("expires with its cookie, and is touched to a later time", async () => {
    let now = Date.now();
    const store = memoryStore({ clock: () => now });
    const { get, set, touch } = make(store, { clock: () => now });
    const data = inHour();
    await set("a", data);
    const later = inHour();
    later.cookie.maxAge = 7_200_000;
    await touch("a", later);
    expect((await get("a"))?.cookie.expires).toEqual(later.cookie.expires);
    now += 7_000_000;
    expect(await get("a")).toBeDefined();
    now += 300_000;
    expect(await get("a")).toBeUndefined();
  });

  it("lives for a day, or as told, where the cookie ends with the browser", async () => {
    let now = Date.now();
    const store = memoryStore({ clock: () => now });
    const day = make(store, { clock: () => now });
    const minute = make(store, { clock: () => now, lifetime: 60_000 });
    await day.set("a", { cookie: new session.Cookie() });
    await minute.set("b", { cookie: new session.Cookie() });
    expect((await day.get("a"))?.cookie.expires).toBeNull();
    now += 60_000;
    expect(await minute.get("b")).toBeUndefined();
    now += 86_400_000 - 60_001;
    expect(await day.get("a")).toBeDefined();
    now += 1;
    expect(await day.get("a")).toBeUndefined();
  });

  it("keeps applications apart that share it and derive keys in ways of their own", async () => {
    const { store, keys } = noting(memoryStore());
    const [shop, admin] = [
      make(store),
      make(store, { deriveKey: (id) => storeKey(id, { application: "", name: "admin" }) }),
    ];
    await admin.set("a", inHour());
    expect([await shop.get("a"), await admin.get("a")]).toEqual([undefined, expect.anything()]);
    await shop.destroy("a");
    await admin.touch("a", inHour());
    expect(await admin.get("a")).toBeDefined();
    await admin.destroy("a");
    expect(await admin.get("a")).toBeUndefined();
    expect(keys).toEqual(
      new Set([storeKey("a", { application: "", name: "admin" }), storeKey("a", { application: "" })]),
    );
  });

  it("takes what is no session of express-session's for none", async () => {
    const { store, keys } = noting(memoryStore());
    const { get } = make(store);
    await get("a");
    const [key = ""] = keys;
    for (const text of ["", "{", "null", "7", "[]", '{"cookie":1}']) {
      await store.write(key, Buffer.from(text), { expect: "any", expiresAt: Date.now() + 60_000 });
      expect(await get("a"), text).toBeUndefined();
    }
  });

  it("lists, counts and clears its own, where the store can list", async () => {
    const store = memoryStore();
    const { adapted, get } = make(store);
    const other = make(store, { application: "b".repeat(22) });
    await other.set("x", inHour());
    for (const user of ["ada", "grace"]) await adapted.set(user, { ...inHour(), user });
    await store.write(storeKey("no session", { application: "" }), Buffer.from("{"), {
      expect: "any",
      expiresAt: Date.now() + 60_000,
    });
    const called = <T>(
      work: (callback: (error: unknown, result?: T) => void) => void,
    ): Promise<T | undefined> =>
      new Promise((resolve, reject) => {
        work((error, result) => (error ? reject(error) : resolve(result)));
      });
    expect(await called<number>((callback) => adapted.length?.(callback))).toBe(2);
    const all = await called<unknown>((callback) => adapted.all?.(callback));
    expect(all).toEqual([
      expect.objectContaining({ user: "ada" }),
      expect.objectContaining({ user: "grace" }),
    ]);
    await called((callback) => adapted.clear?.(callback));
    expect([await adapted.length?.(), await adapted.all?.(), await get("ada")]).toEqual([0, [], undefined]);
    expect(await other.get("x")).toBeDefined();
  });

  it("has no list where the store has none", () => {
    const { adapted } = make(fileStore({ directory: "nowhere" }));
    expect([adapted.all, adapted.length, adapted.clear]).toEqual([undefined, undefined, undefined]);
  });

  it("gives a promise to who calls without a callback", async () => {
    const { adapted } = make(memoryStore());
    await adapted.set("a", { ...inHour(), user: "ada" });
    expect(await adapted.get<session.SessionData>("a")).toMatchObject({ user: "ada" });
    await adapted.touch("a", inHour());
    await adapted.destroy("a");
    expect(await adapted.get("a")).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["an invalid date", new Date(Number.NaN)],
    ["text that is no date", "tomorrow"],
    ["no end at all", Number.POSITIVE_INFINITY],
  ])("a cookie that expires at %s is one clear error, whatever the store", async (_name, expires) => {
    const { adapted } = make(fileStore({ directory: "nowhere" }));
    const cookie = Object.assign(new session.Cookie(), { _expires: expires });
    const error = {
      code: "store/invalid-expiry",
      message: expect.stringContaining("cookie.expires is no date"),
    };
    await expect(adapted.set("a", { cookie })).rejects.toMatchObject(error);
    await expect(adapted.touch("a", { cookie })).rejects.toMatchObject(error);
  });

  it("calls back with errors, also of what is called without expecting one", async () => {
    const store = memoryStore();
    const { get, set, touch, destroy, adapted } = make(store);
    await store.close();
    const closed = { code: "store/closed" };
    await expect(get("a")).rejects.toMatchObject(closed);
    await expect(set("a", inHour())).rejects.toMatchObject(closed);
    await expect(touch("a", inHour())).rejects.toMatchObject(closed);
    await expect(destroy("a")).rejects.toMatchObject(closed);
    adapted.set("a", inHour());
    adapted.destroy("a");
    await new Promise((resolve) => setImmediate(resolve));
  });
});
