import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { attachSession } from "../../src/http/node.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

const cookie = { name: "session", secure: false };

/** What a response says of itself while its session is being saved. */
function looks(response: ServerResponse): unknown[] {
  const refused = (): unknown => {
    try {
      response.setHeader("x-late", "1");
      return "set";
    } catch (error) {
      return Reflect.get(error as object, "code");
    }
  };
  return [response.headersSent, response.writableEnded, refused()];
}

describe("HTTP/1.1 with requests that do not wait for answers", () => {
  it("answers in order, though the second session is saved while the first request is at work", async () => {
    const store = memoryStore();
    const events: string[] = [];
    const { sessions } = setup({
      clock: Date.now,
      cookie,
      store: Object.assign(memoryStore(), {
        write: async (...args: Parameters<typeof store.write>) => {
          // Only when the first is answered, and the connection is the second's.
          while (!events.includes("first is answered")) await new Promise(setImmediate);
          return store.write(...args);
        },
      }),
    });
    const port = await listen(
      createServer(async (request, response) => {
        const session = await attachSession(sessions, request, response);
        if (request.url === "/first") {
          while (!events.includes("second ends")) await new Promise(setImmediate);
          response.once("finish", () => events.push("first is answered"));
        } else session.visits = 1;
        response.end(request.url);
        if (request.url === "/second") events.push("second ends");
      }),
    );
    const socket = connect(port, "127.0.0.1");
    const request = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    socket.write(request("/first") + request("/second", "Connection: close\r\n"));
    const [first = "", second = ""] = (await text(socket)).split(/(?<=\/first)/);
    expect(first).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(first).not.toMatch(/set-cookie/i);
    expect(second).toMatch(/^HTTP\/1.1 200 OK\r\n(.+\r\n)*set-cookie: session=(.+\r\n)*\r\n\/second$/i);
  });
});

it("a server that is closed answers first what is being saved", async () => {
  const store = memoryStore();
  const { sessions } = setup({ clock: Date.now, cookie, store });
  const { write } = store;
  const server = createServer(async (request, response) => {
    const session = await attachSession(sessions, request, response);
    session.visits = 1;
    response.end("saved");
  });
  const port = await listen(server);
  store.write = async (...args) => {
    await new Promise(setImmediate);
    server.close();
    await new Promise(setImmediate);
    return write.apply(store, args);
  };
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe("saved");
});

describe("HTTP/2", () => {
  it("hands out a session, and looks answered meanwhile", async () => {
    const { sessions } = setup({ clock: Date.now, cookie });
    const seen: unknown[] = [];
    const port = await listen(
      createHttp2Server(async (http2Request, http2Response) => {
        // Made to be used as those of node:http are.
        const request = http2Request as unknown as IncomingMessage;
        const response = http2Response as unknown as ServerResponse;
        const session = await attachSession(sessions, request, response);
        session.visits += 1;
        response.end(String(session.visits));
        seen.push(looks(response));
      }),
    );
    const client = connectHttp2(`http://127.0.0.1:${port}`);
    onTestFinished(() => client.close());
    const visit = async (headers: Record<string, string>) => {
      const stream = client.request({ ":path": "/", ...headers });
      const [answered] = await once(stream, "response");
      return { cookie: answered["set-cookie"]?.[0]?.split(";")[0], body: await text(stream) };
    };
    const first = await visit({});
    expect(first).toEqual({ cookie: expect.stringMatching(/^session=/), body: "1" });
    expect(await visit({ cookie: first.cookie ?? "" })).toMatchObject({ body: "2" });
    expect(seen).toEqual(Array(2).fill([true, true, "ERR_HTTP_HEADERS_SENT"]));
  });
});
