import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterEach, describe, expect, it } from "vitest";
import { type AttachOptions, attachSession } from "../../src/http/node.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { type Session, setup } from "../session/support/fixture.js";

type Handler = (session: Session, response: ServerResponse, request: IncomingMessage) => unknown;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real server whose requests all go through the handler; what the handler throws is collected. */
async function serve(
  handler: Handler,
  options: { store?: SessionStore; attach?: (r: ServerResponse) => AttachOptions } = {},
) {
  const { sessions } = setup(options.store === undefined ? {} : { store: options.store });
  const errors: unknown[] = [];
  const server = createServer(async (request, response) => {
    try {
      const session = await attachSession(sessions, request, response, options.attach?.(response));
      await handler(session, response, request);
    } catch (error) {
      errors.push(error);
      if (!response.headersSent) response.writeHead(500).end("handler");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { sessions, errors, port, url: `http://localhost:${port}/` };
}

const change = (session: Session): void => {
  session.visits += 1;
};

/** A store that accepts new sessions and fails every write to one. */
function failing(): SessionStore {
  const store = memoryStore();
  return {
    kind: "failing",
    read: (...args) => store.read(...args),
    write: () => Promise.reject(new Error("disk on fire: password=hunter2")),
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    close: () => store.close(),
  };
}

describe("a response", () => {
  it.each<[string, { given: boolean }]>([
    ["sends what $commit() gave back", { given: true }],
    ["leaves that to the host", { given: false }],
  ])("carries the cookie once when the handler commits by itself and %s", async (_name, { given }) => {
    const { url } = await serve(async (session, response) => {
      change(session);
      const cookies = await session.$commit();
      if (given) response.setHeader("set-cookie", cookies);
      response.end("x");
    });
    expect((await fetch(url)).headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=/)]);
  });

  it("sends the first part while the rest is still to come", async () => {
    let proceed = (): void => {};
    const { url } = await serve(async (session, response) => {
      change(session);
      response.write("first ");
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
      response.end("second");
    });
    const reader = (await fetch(url)).body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("first ");
    proceed();
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe("second");
  });
});

describe("a browser", () => {
  it("keeps its session over requests", async () => {
    const { url } = await serve((session, response) => {
      change(session);
      response.end(String(session.visits));
    });
    const browse = makeFetchCookie(fetch, new CookieJar());
    const seen = [await browse(url), await browse(url), await browse(url)];
    expect(await Promise.all(seen.map((response) => response.text()))).toEqual(["1", "2", "3"]);
  });

  it("forgets the cookie of a destroyed session", async () => {
    const { url } = await serve(async (session, response, request) => {
      if (request.url === "/logout") await session.$destroy();
      else change(session);
      response.end();
    });
    const jar = new CookieJar();
    const browse = makeFetchCookie(fetch, jar);
    await browse(url);
    expect(await jar.getCookies(url)).toHaveLength(1);
    await browse(`${url}logout`);
    expect(await jar.getCookies(url)).toEqual([]);
  });

  it("that goes away still has its change saved", async () => {
    let opened: Session | undefined;
    const { port, sessions, errors } = await serve(async (session, response) => {
      change(session);
      opened = session;
      await new Promise((resolve) => response.once("close", resolve));
      response.write("nobody");
      response.end("reads this");
    });
    const request = httpRequest({ port, host: "localhost" }).on("error", () => {});
    request.end();
    await expect.poll(() => opened).toBeDefined();
    request.destroy();
    await expect.poll(() => opened?.$isNew).toBe(false);
    expect((await sessions.open(`__Host-session=${opened?.$id}`)).visits).toBe(1);
    expect(errors).toEqual([]);
  });
});

describe("a session that cannot be saved", () => {
  it("is answered even if onError fails", async () => {
    const { url } = await serve(
      (session, response) => {
        change(session);
        response.end("success");
      },
      {
        store: failing(),
        attach: () => ({
          onError: () => {
            throw new Error("broken");
          },
        }),
      },
    );
    expect((await fetch(url)).status).toBe(503);
  });

  it("drops what the handler goes on writing", async () => {
    let wrote = false;
    const { url, errors } = await serve(
      async (session, response) => {
        change(session);
        response.write("a");
        await new Promise((resolve) => response.once("finish", resolve));
        wrote = !response.write("b");
        response.end("c");
      },
      { store: failing() },
    );
    expect(await (await fetch(url)).text()).toBe("The session could not be saved.\n");
    await expect.poll(() => wrote).toBe(true);
    expect(errors).toEqual([]);
  });
});

describe("while the session is being saved", () => {
  it("the response looks answered, and cannot be answered again", async () => {
    const seen: unknown[] = [];
    const { url, errors } = await serve((session, response) => {
      change(session);
      response.setHeader("content-length", 5).end("first");
      seen.push(response.headersSent, response.writableEnded);
      response.statusCode = 500;
      response.statusMessage = "Late";
      for (const again of [
        () => response.setHeader("content-length", 6),
        () => response.removeHeader("content-length"),
        () => response.writeHead(500, { "x-late": "1" }),
      ]) {
        try {
          again();
        } catch (error) {
          seen.push(Reflect.get(error as object, "code"));
        }
      }
    });
    const response = await fetch(url);
    expect([response.status, response.statusText, await response.text()]).toEqual([200, "OK", "first"]);
    expect(seen).toEqual([true, true, ...Array(3).fill("ERR_HTTP_HEADERS_SENT")]);
    expect(errors).toEqual([]);
  });

  it("nobody who kept the original methods can answer in between", async () => {
    const { url, errors } = await serve((session, response) => {
      change(session);
      response.write("first ");
      const { write, end } = Object.getPrototypeOf(response);
      for (const original of [write, end]) {
        expect(() => Reflect.apply(original, response, ["another"])).toThrow(
          expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" }),
        );
      }
      response.end("last");
    });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, "first last"]);
    expect(errors).toEqual([]);
  });

  it("middleware may write the implicit head again", async () => {
    const { url, errors } = await serve((session, response) => {
      change(session);
      for (const part of ["a", "b"]) {
        response.writeHead(response.statusCode);
        response.write(part);
      }
      response.end();
    });
    expect(await (await fetch(url)).text()).toBe("ab");
    expect(errors).toEqual([]);
  });

  it.each<[string, { given: (response: ServerResponse) => unknown; want: string }]>([
    ["a number for a body", { given: (r) => Reflect.apply(r.end, r, [123]), want: "ERR_INVALID_ARG_TYPE" }],
    [
      "a number for a chunk",
      { given: (r) => Reflect.apply(r.write, r, [123]), want: "ERR_INVALID_ARG_TYPE" },
    ],
    ["no chunk at all", { given: (r) => Reflect.apply(r.write, r, [null]), want: "ERR_STREAM_NULL_VALUES" }],
    ["a status that is none", { given: (r) => r.writeHead(99), want: "ERR_HTTP_INVALID_STATUS_CODE" }],
  ])("%s is refused where it is written", async (_name, { given, want }) => {
    const { url, errors } = await serve((session, response) => {
      change(session);
      given(response);
    });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, "handler"]);
    expect(errors).toEqual([expect.objectContaining({ code: want })]);
  });

  it("a head that Node refuses breaks the connection, and nothing else", async () => {
    const { url } = await serve((session, response, request) => {
      change(session);
      if (request.url === "/bad") response.statusMessage = "line\nbreak";
      response.end("x");
    });
    await expect(fetch(`${url}bad`)).rejects.toThrow();
    expect(await (await fetch(url)).text()).toBe("x");
  });
});
