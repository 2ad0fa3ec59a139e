import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type AttachOptions, attachSession } from "../../src/http/node.js";
import { SessionError } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { cookieHeader, type Session, setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

const cookie = { name: "session", secure: false };
type Handler = (session: Session, response: ServerResponse, request: IncomingMessage) => unknown;

/** A real server whose handler gets the session; gone when the test ends. */
async function serve(handler: Handler, store: SessionStore = memoryStore(), options: AttachOptions = {}) {
  const { sessions } = setup({ store, clock: Date.now, cookie });
  const server = createServer(async (request, response) => {
    const session = await attachSession(sessions, request, response, options);
    await handler(session, response, request);
  });
  const port = await listen(server);
  return { sessions, port, origin: `http://127.0.0.1:${port}` };
}

/** A store whose writes wait until they are released. */
function held(): { store: SessionStore; release: () => void; asked: Promise<void> } {
  const inner = memoryStore();
  const gate = withResolvers();
  const begun = withResolvers();
  const store: SessionStore = {
    kind: inner.kind,
    read: (...args) => inner.read(...args),
    touch: (...args) => inner.touch(...args),
    remove: (...args) => inner.remove(...args),
    close: () => inner.close(),
    async write(...args) {
      begun.resolve();
      await gate.promise;
      return inner.write(...args);
    },
  };
  return { store, release: gate.resolve, asked: begun.promise };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A store that fails as soon as something is written. */
function failing(error: Error): SessionStore {
  const inner = memoryStore();
  return {
    kind: inner.kind,
    read: (...args) => inner.read(...args),
    touch: (...args) => inner.touch(...args),
    remove: (...args) => inner.remove(...args),
    close: () => inner.close(),
    write: () => Promise.reject(error),
  };
}

const count: Handler = (session) => {
  session.visits += 1;
};

describe("the session is saved before the headers leave", () => {
  it("no byte reaches the client until the store has answered", async () => {
    const { store, release, asked } = held();
    const { port } = await serve((session, response) => {
      session.visits = 1;
      response.write("first,");
      response.end("last");
    }, store);
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (data) => {
      received += String(data);
    });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await asked;
    // Whatever could have been sent by now would be on its way through the loopback: another request overtakes it.
    await new Promise((resolve) => setImmediate(resolve));
    expect(received).toBe("");
    release();
    await once(socket, "close");
    expect(received).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*Set-Cookie: session=[\w-]{43}; [\s\S]*first,[\s\S]*last/i,
    );
  });

  it.each<[string, { given: Error; want: number }]>([
    ["a store that is out of reach", { given: new Error("ECONNREFUSED"), want: 503 }],
    ["a store that is full", { given: new SessionError("store/full", "full"), want: 503 }],
    ["a session that is gone", { given: new SessionError("session/gone", "gone"), want: 409 }],
  ])("%s is no success", async (_name, { given, want }) => {
    const { origin } = await serve((session, response) => {
      session.visits = 1;
      response.writeHead(200, { "content-type": "text/html", "content-length": "7", etag: '"x"' });
      response.end("Success");
    }, failing(given));
    const response = await fetch(origin);
    expect(response.status).toBe(want);
    expect(await response.text()).not.toContain("Success");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get("etag")).toBeNull();
  });

  it("whoever asked for errors gets them, with a response that is still to be written", async () => {
    let current: ServerResponse | undefined;
    const onError = (error: unknown): void => {
      expect(error).toMatchObject({ code: "store/unavailable" });
      expect(current?.headersSent).toBe(false);
      current?.writeHead(500).end("mine");
    };
    const handler: Handler = (session, response) => {
      current = response;
      session.visits = 1;
      response.end("Success");
    };
    const { origin } = await serve(handler, failing(new Error("down")), { onError });
    const response = await fetch(origin);
    expect([response.status, await response.text()]).toEqual([500, "mine"]);
  });
});

describe("however the response is written", () => {
  const large = Array.from({ length: 200 }, (_, index) => `${index}:${"x".repeat(2000)};`);
  it.each<
    [string, { given: Handler; want: { status?: number; body: string; headers?: Record<string, string> } }]
  >([
    ["end(text)", { given: (_session, response) => response.end("body"), want: { body: "body" } }],
    [
      "end(text, encoding, callback)",
      { given: (_session, response) => response.end("626f6479", "hex", () => {}), want: { body: "body" } },
    ],
    [
      "write, write, end(callback)",
      {
        given: (_session, response) => {
          response.write("bo");
          response.write(Buffer.from("dy"));
          response.end(() => {});
        },
        want: { body: "body" },
      },
    ],
    [
      "setHeader and statusCode",
      {
        given: (_session, response) => {
          response.statusCode = 201;
          response.setHeader("x-a", "1");
          response.end("body");
        },
        want: { status: 201, body: "body", headers: { "x-a": "1" } },
      },
    ],
    [
      "writeHead(status)",
      {
        given: (_session, response) => response.writeHead(202).end("body"),
        want: { status: 202, body: "body" },
      },
    ],
    [
      "writeHead(status, headers)",
      {
        given: (_session, response) => response.writeHead(202, { "X-A": "1" }).end("body"),
        want: { status: 202, body: "body", headers: { "x-a": "1" } },
      },
    ],
    [
      "writeHead(status, message, headers)",
      {
        given: (_session, response) => response.writeHead(202, "Fine", { "X-A": "1" }).end("body"),
        want: { status: 202, body: "body", headers: { "x-a": "1" } },
      },
    ],
    [
      "writeHead(status, names and values in turn)",
      {
        given: (_session, response) => response.writeHead(202, ["X-A", "1", "X-A", "2"]).end("body"),
        want: { status: 202, body: "body", headers: { "x-a": "1, 2" } },
      },
    ],
    [
      "flushHeaders",
      {
        given: (_session, response) => {
          response.flushHeaders();
          response.end("body");
        },
        want: { body: "body" },
      },
    ],
    [
      "a pipe with back-pressure",
      {
        given: (_session, response) =>
          Readable.from(large, { objectMode: false, highWaterMark: 1000 }).pipe(response),
        want: { body: large.join("") },
      },
    ],
    [
      "write by write, waiting for drain",
      {
        given: async (_session, response) => {
          for (const part of large) if (!response.write(part)) await once(response, "drain");
          response.end();
        },
        want: { body: large.join("") },
      },
    ],
    [
      "a cookie of the application's own beside ours",
      {
        given: (_session, response) => response.writeHead(200, { "set-cookie": ["a=1", "b=2"] }).end("body"),
        want: { body: "body" },
      },
    ],
  ])("%s", async (name, { given, want }) => {
    const { origin, sessions } = await serve(async (session, response, request) => {
      session.visits = 1;
      await given(session, response, request);
    });
    const response = await fetch(origin);
    expect(await response.text()).toBe(want.body);
    expect(response.status).toBe(want.status ?? 200);
    expect(Object.fromEntries(response.headers)).toMatchObject(want.headers ?? {});
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(name.startsWith("a cookie") ? 3 : 1);
    expect((await sessions.open(cookieHeader(cookies))).visits).toBe(1);
  });

  it("HEAD and 304 have the cookie and no body", async () => {
    const { origin } = await serve((session, response, request) => {
      session.visits = 1;
      if (request.method === "GET") response.writeHead(304).end();
      else response.end("body");
    });
    for (const method of ["HEAD", "GET"]) {
      const response = await fetch(origin, { method });
      expect([response.headers.getSetCookie().length, await response.text()]).toEqual([1, ""]);
    }
  });

  it("requests on one connection are answered in order, each with its own session", async () => {
    const { port } = await serve((session, response, request) => {
      if (request.url === "/write") session.visits = 1;
      response.end(`${request.url};`);
    });
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (data) => {
      received += String(data);
    });
    const head = "HTTP/1.1\r\nHost: x\r\n";
    socket.write(`GET /write ${head}\r\nGET /read ${head}\r\nGET /write ${head}Connection: close\r\n\r\n`);
    await once(socket, "close");
    expect(
      [...received.matchAll(/\r\n\r\n(\/\w+);|set-cookie/gi)].map((match) => match[1] ?? "cookie"),
    ).toEqual(["cookie", "/write", "/read", "cookie", "/write"]);
  });

  it("a client that goes away in the middle does no harm", async () => {
    const { store, release, asked } = held();
    const finished = withResolvers();
    const { port, origin } = await serve(async (session, response) => {
      response.once("close", finished.resolve);
      session.visits = 1;
      response.write("first");
    }, store);
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await asked;
    socket.destroy();
    release();
    await finished.promise;
    const { origin: other } = await serve((_session, response) => response.end("alive"));
    expect(await (await fetch(other)).text()).toBe("alive");
    expect(origin).toBeDefined();
  });
});

describe("headers for caches", () => {
  it.each<
    [string, { given: Handler; headers?: Record<string, string>; want: Record<string, string | null> }]
  >([
    ["a response without the session", { given: () => {}, want: { vary: null, "cache-control": null } }],
    [
      "one that read it",
      {
        given: (session) => void session.visits,
        want: { vary: "Cookie", "cache-control": "private, no-cache" },
      },
    ],
    [
      "one that read it, and says for how long it may be kept",
      {
        given: (session) => void session.visits,
        headers: { "cache-control": "max-age=60" },
        want: { vary: "Cookie", "cache-control": "max-age=60" },
      },
    ],
    ["one that sets a cookie", { given: count, want: { vary: "Cookie", "cache-control": "no-store" } }],
    [
      "one that varies on something else",
      {
        given: count,
        headers: { vary: "Accept" },
        want: { vary: "Accept, Cookie", "cache-control": "no-store" },
      },
    ],
    [
      "one that varies on it already",
      { given: count, headers: { vary: "cookie" }, want: { vary: "cookie", "cache-control": "no-store" } },
    ],
    [
      "one that was public",
      {
        given: count,
        headers: { "cache-control": "public, max-age=60, s-maxage=60" },
        want: { vary: "Cookie", "cache-control": "private, max-age=60" },
      },
    ],
    [
      "one that was private",
      {
        given: count,
        headers: { "cache-control": "private, max-age=60" },
        want: { vary: "Cookie", "cache-control": "private, max-age=60" },
      },
    ],
  ])("%s", async (_name, { given, headers, want }) => {
    const { origin } = await serve(async (session, response, request) => {
      for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
      await given(session, response, request);
      response.end();
    });
    const response = await fetch(origin);
    for (const [name, value] of Object.entries(want)) expect(response.headers.get(name)).toBe(value);
  });
});
