import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { withSession } from "../../src/http/fetch.js";
import { attachSession } from "../../src/http/node.js";
import type { SessionsOptions } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { cookieHeader, type Session, setup, visit } from "../session/support/fixture.js";
import { listen } from "./listen.js";

type Handler = (session: Session, response: ServerResponse, request: IncomingMessage) => unknown;

async function serve(handler: Handler, options: Partial<SessionsOptions> = {}) {
  const made = setup({ clock: Date.now, store: memoryStore(), ...options });
  const thrown: unknown[] = [];
  const server = createServer(async (request, response) => {
    const session = await attachSession(made.sessions, request, response);
    try {
      await handler(session, response, request);
    } catch (error) {
      thrown.push(error);
      response.end();
    }
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const ask = (cookie = ""): Promise<Response> => fetch(origin, { headers: { cookie } });
  return { ...made, thrown, ask };
}

const sent = expect.objectContaining({ code: "session/headers-sent" });

describe("after the headers have left", () => {
  it.each<[string, { given: (session: Session) => unknown; stored: boolean }]>([
    ["a login", { given: (session) => session.$assign({ user: "eve" }), stored: true }],
    ["a new id", { given: (session) => session.$regenerate(), stored: true }],
    [
      "the wish to be remembered",
      { given: (session) => Reflect.set(session, "$permanent", true), stored: true },
    ],
    ["everything, with what takes a new id", { given: (session) => session.$clear(), stored: true }],
    [
      "the first value of a session",
      { given: (session) => Reflect.set(session, "visits", 1), stored: false },
    ],
    ["a session without values", { given: (session) => session.$persist(), stored: false }],
    [
      "what was changed in place in a new session",
      {
        given: (session) => {
          session.cart.push({ sku: "a", quantity: 1 });
          return session.$commit();
        },
        stored: false,
      },
    ],
  ])("%s is session/headers-sent, and the store is as it was", async (_name, { given, stored }) => {
    const { ask, thrown, sessions } = await serve(async (session, response) => {
      response.flushHeaders();
      await new Promise(setImmediate);
      await given(session);
      response.end("done");
    });
    const cookie = stored
      ? await visit(sessions, undefined, (s) => s.$assign({ visits: 1, user: "ada" }))
      : "";
    const response = await ask(cookie);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).toBe("");
    expect(thrown).toEqual([sent]);
    const after = await sessions.open(cookie);
    expect([after.visits, after.user]).toEqual(stored ? [1, "ada"] : [0, undefined]);
  });

  it("a session on its way may be changed and saved, by a commit of its own", async () => {
    const { ask, thrown, sessions } = await serve(async (session, response) => {
      response.write("begun ");
      await expect.poll(() => response.headersSent).toBe(true);
      await new Promise(setImmediate);
      session.visits += 1;
      await session.$commit();
      response.end("done");
    });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    expect(await (await ask(cookie)).text()).toBe("begun done");
    expect(thrown).toEqual([]);
    expect((await sessions.open(cookie)).visits).toBe(2);
  });

  it("what nobody commits is told as `unsaved`", async () => {
    const unsaved: unknown[] = [];
    const { ask, sessions } = await serve(async (session, response) => {
      response.flushHeaders();
      await new Promise(setImmediate);
      session.visits += 1;
      session.cart.push({ sku: "a", quantity: 1 });
      response.end("done");
    });
    sessions.on("unsaved", (event) => unsaved.push(event));
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    await (await ask(cookie)).text();
    expect(unsaved).toEqual([{ fields: ["visits", "cart"] }]);
    expect((await sessions.open(cookie)).visits).toBe(1);
  });

  it("a session may be ended; its cookie leads nowhere", async () => {
    const { ask, thrown, sessions } = await serve(async (session, response) => {
      response.flushHeaders();
      await new Promise(setImmediate);
      await session.$destroy();
      response.end("done");
    });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    expect(await (await ask(cookie)).text()).toBe("done");
    expect(thrown).toEqual([]);
    expect((await sessions.open(cookie)).$isNew).toBe(true);
  });

  it("a streamed body of Fetch begins no session", async () => {
    const { sessions } = setup();
    let late: Session | undefined;
    await withSession(sessions, new Request("https://example.org/"), (session) => {
      late = session;
      return new Response("streams");
    });
    expect(() => late?.$assign({ visits: 1 })).toThrow(sent);
  });
});

describe("a commit that fails at the end", () => {
  const failing = (when: () => boolean): SessionStore => {
    const store = memoryStore();
    const write: SessionStore["write"] = (...args) =>
      when() ? Promise.reject(new Error("ECONNREFUSED")) : store.write.call(store, ...args);
    return Object.assign(memoryStoreOf(store), { write });
  };

  it("keeps the cookie of an id that was changed before, with node:http", async () => {
    let fails = false;
    const { ask, sessions, errors } = await serve(
      async (session, response) => {
        await session.$regenerate();
        await session.$commit();
        fails = true;
        session.visits += 1;
        response.end("done");
      },
      { store: failing(() => fails) },
    );
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1, user: "ada" }));
    const response = await ask(cookie);
    expect(response.status).toBe(503);
    expect(errors).toEqual([expect.objectContaining({ code: "store/unavailable" })]);
    fails = false;
    const after = await sessions.open(cookieHeader(response.headers.getSetCookie()));
    expect([after.user, after.visits]).toEqual(["ada", 1]);
  });

  it("keeps the cookie of an id that was changed before, with Fetch", async () => {
    let fails = false;
    const { sessions, errors } = setup({ clock: Date.now, store: failing(() => fails) });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1, user: "ada" }));
    const request = new Request("https://example.org/", { headers: { cookie } });
    const response = await withSession(sessions, request, async (session) => {
      await session.$regenerate();
      await session.$commit();
      fails = true;
      session.visits += 1;
      return new Response("done");
    });
    expect([response.status, await response.text()]).toEqual([503, "The session could not be saved.\n"]);
    expect(errors).toEqual([expect.objectContaining({ code: "store/unavailable" })]);
    fails = false;
    expect((await sessions.open(cookieHeader(response.headers.getSetCookie()))).user).toBe("ada");
  });

  it("takes back the cookie of a session that was ended before", async () => {
    let fails = false;
    const { ask, sessions } = await serve(
      async (session, response) => {
        await session.$destroy();
        fails = true;
        session.visits += 1;
        response.end("done");
      },
      { store: failing(() => fails) },
    );
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    const response = await ask(cookie);
    expect([response.status, response.headers.getSetCookie()]).toEqual([
      503,
      [expect.stringContaining("Max-Age=0")],
    ]);
  });

  it("is seen where no host handles it: console.error, or what takes its place", async () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const store = failing(() => true);
    const { ask } = await serve(
      (session, response) => {
        session.visits += 1;
        response.end("done");
      },
      { store, onError: console.error.bind(console) },
    );
    // By the default, without the option.
    const { sessions } = setup({ store, onError: undefined as never });
    const server = createServer(async (request, response) => {
      const session = await attachSession(sessions, request, response);
      session.visits += 1;
      response.end("done");
    });
    const origin = `http://127.0.0.1:${await listen(server)}`;
    expect([(await ask()).status, (await fetch(origin)).status]).toEqual([503, 503]);
    expect(shown.mock.calls).toEqual([
      [expect.objectContaining({ code: "store/unavailable" })],
      [expect.objectContaining({ code: "store/unavailable" })],
    ]);
    const told: unknown[] = [];
    const parts = { onError: (error: unknown) => told.push(error) };
    const replaced = await serve(
      (session, response) => {
        session.visits += 1;
        response.end("done");
      },
      { store, parts },
    );
    await replaced.ask();
    expect(told).toEqual([expect.objectContaining({ code: "store/unavailable" })]);
    shown.mockRestore();
  });
});

it("what others have wrapped around the response, and throws after the commit, breaks the connection and is told", async () => {
  const { sessions, errors } = setup({ clock: Date.now, store: memoryStore() });
  const server = createServer(async (request, response) => {
    const { end } = response;
    response.end = () => {
      response.end = end;
      throw new Error("wrapped");
    };
    const session = await attachSession(sessions, request, response);
    session.visits += 1;
    response.end("done");
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  await expect(fetch(origin)).rejects.toThrow(TypeError);
  expect(errors).toEqual([expect.objectContaining({ message: "wrapped" })]);
});

function memoryStoreOf(store: SessionStore): SessionStore {
  return {
    kind: store.kind,
    read: (...args) => store.read(...args),
    write: (...args) => store.write(...args),
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    close: () => store.close(),
  };
}
