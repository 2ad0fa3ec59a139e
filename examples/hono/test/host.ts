import { createServer } from "node:http2";
import { createAdaptorServer } from "@hono/node-server";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "Hono",
  start: () =>
    inProcess(import.meta.url, () => {
      const { fetch } = createApp().route("/host", hostRoutes);
      return {
        server: createAdaptorServer({ fetch }),
        http2: createAdaptorServer({ fetch, createServer }),
        close: () => sessions.close(),
      };
    }),
};
