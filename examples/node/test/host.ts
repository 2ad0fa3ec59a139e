import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "node:http",
  start: () =>
    inProcess(import.meta.url, () => {
      const listener = createApp(hostRoutes);
      return {
        server: createServer(listener),
        http2: createHttp2Server(listener as Parameters<typeof createHttp2Server>[0]),
        close: () => sessions.close(),
      };
    }),
  skips: {
    "redirects by what is thrown after a write": "a listener throws errors only",
    "saves what is written by what runs after the handler": "nothing runs after a listener",
  },
};
