import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type Express, type RequestHandler } from "express";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { listen, type Served, type SessionHost, sessionHosts } from "./hosts.js";

// Sessions beyond Express, as the pages of ws and Socket.IO show it with express-session.

/** A request with a session, as code without types has it. */
// biome-ignore lint/suspicious/noExplicitAny: middleware written for express-session has no types of ours
type WithSession = IncomingMessage & { session: any };

/** An application where users log in, and the middleware to use once more. */
async function shop(host: SessionHost): Promise<Served & { readonly session: RequestHandler }> {
  const app: Express = express();
  const session = host.session();
  app.use(session);
  app.get("/login", (request, response) => {
    Object.assign(request.session, { user: "ada" });
    response.json({});
  });
  app.get("/count", (request, response) => response.json((request as WithSession).session?.count ?? null));
  app.get("/logout", (request, response) => {
    (request as unknown as WithSession).session.destroy(() => response.json({}));
  });
  return { ...(await listen(app)), session };
}

describe.each(sessionHosts())("over $name", (host) => {
  it("ws: who is logged in may open a connection, and changes the session from there", async () => {
    const { server, session, browser, origin } = await shop(host);
    const sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request: WithSession, socket, head) => {
      session(request as never, {} as never, () => {
        if (request.session.user === undefined) {
          socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
          return;
        }
        sockets.handleUpgrade(request, socket, head, (connection) => {
          connection.on("message", () => {
            request.session.reload((error: unknown) => {
              if (error) return connection.close(4001);
              request.session.count = (request.session.count ?? 0) + 1;
              request.session.save(() => connection.send(String(request.session.count)));
            });
          });
        });
      });
    });
    const one = browser();
    await one("/login");
    const url = origin.replace("http:", "ws:");
    const [error] = await once(new WebSocket(url), "error");
    expect(String(error)).toContain("401");

    const socket = new WebSocket(url, { headers: { cookie: await one.cookie() } });
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    for (const count of ["1", "2"]) {
      socket.send("more");
      const [message] = await once(socket, "message");
      expect(String(message)).toBe(count);
    }
    expect((await one("/count")).json).toBe(2);
    await one("/logout");
    socket.send("more");
    const [code] = await once(socket, "close");
    expect(code).toBe(4001);
  });

  it("ws: verifyClient looks into the session", async () => {
    const { session, browser, origin, server } = await shop(host);
    const sockets = new WebSocketServer({
      server,
      verifyClient: ({ req }, done) => {
        session(req as never, {} as never, () => done((req as WithSession).session.user !== undefined));
      },
    });
    sockets.on("connection", (socket, request) => socket.send((request as WithSession).session.user));
    const one = browser();
    await one("/login");
    const url = origin.replace("http:", "ws:");
    const [error] = await once(new WebSocket(url), "error");
    expect(String(error)).toContain("401");
    const socket = new WebSocket(url, { headers: { cookie: await one.cookie() } });
    onTestFinished(() => socket.terminate());
    const [message] = await once(socket, "message");
    expect(String(message)).toBe("ada");
  });

  it.each(["polling", "websocket"])("Socket.IO by %s: io.engine.use, reload and save", async (transport) => {
    const { server, session, browser, origin } = await shop(host);
    const socketServer = new Server(server);
    onTestFinished(() => void socketServer.close());
    socketServer.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
      session(request as never, response as never, next),
    );
    socketServer.use((socket, next) => {
      const { session: found } = socket.request as WithSession;
      next(found.user === undefined ? new Error("nobody") : undefined);
    });
    socketServer.on("connection", (socket) => {
      const request = socket.request as WithSession;
      socket.on("more", (answer: (count: unknown) => void) => {
        request.session.reload((error: unknown) => {
          if (error) return answer("gone");
          request.session.count = (request.session.count ?? 0) + 1;
          request.session.save((failed: unknown) => answer(failed ?? request.session.count));
        });
      });
    });
    const one = browser();
    await one("/login");
    const connect = (cookie: string) => {
      const socket = io(origin, { transports: [transport], extraHeaders: { cookie }, reconnection: false });
      onTestFinished(() => void socket.disconnect());
      return socket;
    };
    const stranger = connect("");
    const refused = await new Promise<Error>((resolve) => stranger.on("connect_error", resolve));
    expect(refused.message).toBe("nobody");

    const socket = connect(await one.cookie());
    const more = (): Promise<unknown> => new Promise((resolve) => socket.emit("more", resolve));
    expect([await more(), await more()]).toEqual([1, 2]);
    expect((await one("/count")).json).toBe(2);
    await one("/logout");
    expect(await more()).toBe("gone");
  });
});
