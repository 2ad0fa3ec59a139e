import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { toNodeHandler } from "h3";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "h3",
  start: () =>
    inProcess(import.meta.url, () => {
      const handler = toNodeHandler(createApp().register(hostRoutes));
      return {
        server: createServer(handler),
        http2: createHttp2Server(handler),
        close: () => sessions.close(),
      };
    }),
};
