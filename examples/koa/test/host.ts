import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "Koa",
  start: () =>
    inProcess(import.meta.url, () => {
      const app = createApp();
      app.silent = true;
      app.use(hostRoutes.routes());
      const answer = app.callback();
      return {
        server: createServer(answer),
        http2: createHttp2Server(answer),
        close: () => sessions.close(),
      };
    }),
  skips: {
    "redirects by what is thrown after a write": "Koa has no redirects that are thrown",
  },
};
