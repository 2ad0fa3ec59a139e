import { afterAll, beforeAll, describe, it } from "vitest";
import { WebSocket } from "ws";
import type { Running } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { type ChatWorld, chatCases } from "../../../test/frameworks/sockets.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";

let running: Running;
beforeAll(async () => {
  running = await inProcess(import.meta.url, () => ({
    server: createApp(),
    close: () => sessions.close(),
  }));
});
afterAll(() => running.close());

const connect: ChatWorld["connect"] = (cookie) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(running.origin.replace("http", "ws"), { headers: { cookie } });
    const heard: string[] = [];
    let closed: string | undefined;
    socket.on("message", (data) => heard.push(String(data)));
    socket.on("close", (code, reason) => {
      closed = `${code} ${reason}`;
    });
    socket.once("error", reject);
    socket.once("open", () =>
      resolve({
        say: (text) => socket.send(text),
        heard,
        get closed() {
          return closed;
        },
        close: () => socket.close(),
      }),
    );
  });

describe("ws", () => {
  it.each(Object.entries(chatCases))("%s", (_name, test) =>
    test({
      ...running,
      connect,
      over: "1008 The session is over",
      refused: /401/,
      unavailable: /503/,
    }),
  );
});
