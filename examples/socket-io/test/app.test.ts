import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Running } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { type ChatWorld, chatCases } from "../../../test/frameworks/sockets.js";
import { createApp, type FromClients, type ToClients } from "../src/app.js";
import { sessions } from "../src/session/index.js";

let running: Running;
beforeAll(async () => {
  running = await inProcess(import.meta.url, () => ({
    server: createApp(),
    close: () => sessions.close(),
  }));
});
afterAll(() => running.close());

const connectBy =
  (transport: "websocket" | "polling"): ChatWorld["connect"] =>
  (cookie) =>
    new Promise((resolve, reject) => {
      const socket: Socket<ToClients, FromClients> = io(running.origin, {
        extraHeaders: { cookie },
        transports: [transport],
        reconnection: false,
        forceNew: true,
      });
      const heard: string[] = [];
      let closed: string | undefined;
      socket.on("said", (name, text) => heard.push(`${name}: ${text}`));
      socket.on("disconnect", (reason) => {
        closed = reason;
      });
      socket.once("connect_error", (error) => {
        socket.close();
        reject(error);
      });
      socket.once("connect", () =>
        resolve({
          say: (text) => void socket.emit("say", text),
          heard,
          get closed() {
            return closed;
          },
          close: () => socket.close(),
        }),
      );
    });

describe.each(["websocket", "polling"] as const)("Socket.IO by %s", (transport) => {
  it.each(Object.entries(chatCases))("%s", (_name, test) =>
    test({
      ...running,
      connect: connectBy(transport),
      over: "io server disconnect",
      refused: /^unauthorized$/,
      unavailable: /^unavailable$/,
    }),
  );
});
